// Certificates that are renewed while a server runs.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "tests/support/file_content.h"
#include "tests/support/folders.h"
#include "tests/support/own_server.h"

namespace usher {
namespace renewed_certificates_test {

constexpr absl::Duration kPatience = absl::Seconds(30);

// A server with certificates of its own, and others that take their place.
class RenewedCertificatesTest : public ::testing::Test {
 protected:
  RenewedCertificatesTest() {
    std::string pattern = "/tmp/usher_renew_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    for (const char* name : {"/used", "/new"}) {
      RunProgram({SourceFolder() + "/deploy/local/certificates", folder_ + name, "company"});
    }
    std::filesystem::copy(folder_ + "/used", folder_ + "/old");
    const std::string used = folder_ + "/used/";
    // Begins as one of the house, and believes in two authorities.
    const std::string house = house_.CertificateFolder();
    std::filesystem::copy(house + "company.pem", used + "internal.pem");
    std::filesystem::copy(house + "company.key", used + "internal.key");
    std::ofstream(used + "internal_ca.pem")
        << FileContent(house + "ca.pem") << FileContent(folder_ + "/new/ca.pem");
    OwnServer::Start start;
    start.flags = {"--tls_listen=127.0.0.1:0",
                   absl::StrCat("--tls_certificate=", used, "public.pem"),
                   absl::StrCat("--tls_key=", used, "public.key"),
                   absl::StrCat("--internal_ca=", used, "internal_ca.pem"),
                   absl::StrCat("--internal_certificate=", used, "internal.pem"),
                   absl::StrCat("--internal_key=", used, "internal.key")};
    server_ = std::make_unique<OwnServer>(start);
  }
  ~RenewedCertificatesTest() override { std::filesystem::remove_all(folder_); }

  void Use(const std::string& from, const std::string& file) const {
    std::filesystem::copy(absl::StrCat(folder_, "/", from, "/", file),
                          absl::StrCat(folder_, "/used/", file),
                          std::filesystem::copy_options::overwrite_existing);
  }
  // A new connection of a client that trusts this authority alone.
  std::shared_ptr<grpc::Channel> Client(const std::string& trusts) const {
    grpc::SslCredentialsOptions credentials;
    credentials.pem_root_certs = FileContent(absl::StrCat(folder_, "/", trusts, "/public_ca.pem"));
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(server_->Address("public with TLS"),
                                     grpc::SslCredentials(credentials), arguments);
  }

  // The same to the internal port, with a certificate of that authority.
  std::shared_ptr<grpc::Channel> InternalClient(const std::string& certificates) const {
    grpc::SslCredentialsOptions credentials;
    credentials.pem_root_certs = FileContent(certificates + "ca.pem");
    credentials.pem_cert_chain = FileContent(certificates + "company.pem");
    credentials.pem_private_key = FileContent(certificates + "company.key");
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetSslTargetNameOverride("usher-company");
    return grpc::CreateCustomChannel(server_->Address("internal"),
                                     grpc::SslCredentials(credentials), arguments);
  }

  House& house_ = House::Get();
  std::string folder_;
  std::unique_ptr<OwnServer> server_;
};

TEST_F(RenewedCertificatesTest, AreShownToNewConnectionsAndDropNone) {
  const auto before = Client("old");
  ASSERT_TRUE(IsServing(before, kPatience)) << server_->Log();
  Use("new", "public.pem");
  Use("new", "public.key");
  server_->process().Signal(SIGHUP);
  ASSERT_TRUE(server_->AwaitLog("the certificate was read again")) << server_->Log();
  EXPECT_TRUE(IsServing(Client("new"), kPatience));
  EXPECT_FALSE(IsServing(Client("old"), absl::Milliseconds(500)));
  EXPECT_EQ(before->GetState(false), GRPC_CHANNEL_READY);
  EXPECT_TRUE(IsServing(before, kPatience));
}

TEST_F(RenewedCertificatesTest, OfTheInternalPortAreShownToNewConnectionsAndDropNone) {
  const std::string house = house_.CertificateFolder();
  const auto before = InternalClient(house);
  ASSERT_TRUE(IsServing(before, kPatience)) << server_->Log();
  for (const char* file : {"pem", "key"}) {
    std::filesystem::copy(absl::StrCat(folder_, "/new/company.", file),
                          absl::StrCat(folder_, "/used/internal.", file),
                          std::filesystem::copy_options::overwrite_existing);
  }
  server_->process().Signal(SIGHUP);
  ASSERT_TRUE(server_->AwaitLog("the certificate was read again")) << server_->Log();
  EXPECT_TRUE(IsServing(InternalClient(folder_ + "/new/"), kPatience));
  EXPECT_FALSE(IsServing(InternalClient(house), absl::Milliseconds(500)));
  EXPECT_EQ(before->GetState(false), GRPC_CHANNEL_READY);
  EXPECT_TRUE(IsServing(before, kPatience));
}

TEST_F(RenewedCertificatesTest, AreFoundWithoutASignalToo) {
  Use("new", "public.pem");
  Use("new", "public.key");
  ASSERT_TRUE(server_->AwaitLog("the certificate was read again")) << server_->Log();
  EXPECT_TRUE(IsServing(Client("new"), kPatience));
}

TEST_F(RenewedCertificatesTest, AreNotTakenHalf) {
  Use("new", "public.pem");
  server_->process().Signal(SIGHUP);
  ASSERT_TRUE(server_->AwaitLog("the certificate stays as it was")) << server_->Log();
  EXPECT_TRUE(IsServing(Client("old"), kPatience));
}

}  // namespace renewed_certificates_test
}  // namespace usher
