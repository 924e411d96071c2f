// Certificates that are renewed while a server runs.
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tests/support/folders.h"
#include "tests/support/own_server.h"

namespace usher {
namespace {

constexpr absl::Duration kPatience = absl::Seconds(30);

std::string Content(const std::string& path) {
  std::ostringstream content;
  content << std::ifstream(path, std::ios::binary).rdbuf();
  return content.str();
}

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
    OwnServer::Start start;
    start.flags = {"--tls_listen=127.0.0.1:0",
                   absl::StrCat("--tls_certificate=", used, "public.pem"),
                   absl::StrCat("--tls_key=", used, "public.key"),
                   absl::StrCat("--internal_ca=", house_.CertificateFolder(), "ca.pem")};
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
    credentials.pem_root_certs = Content(absl::StrCat(folder_, "/", trusts, "/public_ca.pem"));
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(server_->Address("public with TLS"),
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

}  // namespace
}  // namespace usher
