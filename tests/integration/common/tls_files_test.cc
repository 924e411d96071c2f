#include "common/rpc/peer/tls_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/peer/peer.h"
#include "tests/support/a_caller.h"
#include "tests/support/file_content.h"
#include "tests/support/folders.h"
#include "tests/support/gate_server.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace tls_files_test {

using ::companyService::CompanyDestroyRequest;
using ::companyService::CompanyService;
using ::testing::HasSubstr;

// Certificates of two authorities, and a folder of files that are in use.
class TlsFilesTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string pattern = "/tmp/usher_tls_XXXXXX";
    folder_ = new std::string(mkdtemp(pattern.data()));
    for (const char* ca : {"old", "new"}) {
      ASSERT_EQ(std::system(absl::StrCat(SourceFolder(), "/deploy/local/certificates ", *folder_,
                                         "/", ca, " company user")
                                .c_str()),
                0);
    }
  }
  static void TearDownTestSuite() {
    std::filesystem::remove_all(*folder_);
    delete folder_;
  }
  TlsFilesTest() {
    std::filesystem::create_directory(*folder_ + "/used");
    for (const char* file : {"ca.pem", "user.pem", "user.key"}) Use("old", file);
  }
  ~TlsFilesTest() override { std::filesystem::remove_all(*folder_ + "/used"); }

  static std::string From(const std::string& ca, const std::string& file) {
    return FileContent(absl::StrCat(*folder_, "/", ca, "/", file));
  }
  static void Write(const std::string& file, const std::string& content) {
    const std::string path = absl::StrCat(*folder_, "/used/", file);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
    chmod(path.c_str(), 0600);
  }
  static void Use(const std::string& ca, const std::string& file) { Write(file, From(ca, file)); }
  static TlsFiles::Paths Paths() {
    const std::string used = *folder_ + "/used/";
    return {used + "ca.pem", used + "user.pem", used + "user.key"};
  }
  static std::string Complaint() { return std::string(TlsFiles::Load(Paths()).status().message()); }

  static std::string* folder_;
};

std::string* TlsFilesTest::folder_ = nullptr;

TEST_F(TlsFilesTest, NewFilesAreTakenWhenTheyHaveChanged) {
  const auto files = TlsFiles::Load(Paths());
  ASSERT_OK(files.status());
  const auto before = (*files)->current();
  (*files)->ReadAgain(false);
  EXPECT_EQ((*files)->current(), before);
  for (const char* file : {"ca.pem", "user.pem", "user.key"}) Use("new", file);
  (*files)->ReadAgain(false);
  EXPECT_EQ((*files)->current()->certificate, From("new", "user.pem"));
  EXPECT_EQ((*files)->current()->key, From("new", "user.key"));
  EXPECT_EQ((*files)->current()->ca, From("new", "ca.pem"));
}

TEST_F(TlsFilesTest, APairThatIsHalfWrittenIsNotTakenUntilItIsWhole) {
  const auto files = TlsFiles::Load(Paths());
  ASSERT_OK(files.status());
  const auto before = (*files)->current();
  const std::string certificate = From("new", "user.pem");
  const std::string two = From("new", "user.pem") + From("new", "ca.pem");
  for (const std::string& written : {certificate.substr(0, certificate.size() / 2), std::string(),
                                     certificate, two.substr(0, two.size() - 40)}) {
    Write("user.pem", written);
    (*files)->ReadAgain(false);
    EXPECT_EQ((*files)->current(), before) << written;
  }
  Use("new", "user.pem");
  Use("new", "user.key");
  (*files)->ReadAgain(false);
  EXPECT_EQ((*files)->current()->certificate, certificate);
}

TEST_F(TlsFilesTest, WhatCannotWorkIsRefusedByName) {
  Use("new", "user.key");
  EXPECT_THAT(Complaint(), HasSubstr("user.key is not the key of"));
  Use("old", "user.key");
  Write("ca.pem", "no certificate");
  EXPECT_THAT(Complaint(), HasSubstr("ca.pem has no certificate"));
  Use("old", "ca.pem");
  chmod(Paths().key.c_str(), 0644);
  EXPECT_THAT(Complaint(), HasSubstr("user.key may be read by others"));
}

TEST_F(TlsFilesTest, ItIsToldWhenTheFirstOfCertificateAndCaEnds) {
  const auto files = TlsFiles::Load(Paths());
  ASSERT_OK(files.status());
  const absl::Duration left = (*files)->current()->ends - absl::Now();
  EXPECT_GT(left, absl::Hours(24 * 824));
  EXPECT_LT(left, absl::Hours(24 * 826));
  // A CA that ends tomorrow, alone and beside another one.
  const std::string ca = *folder_ + "/short";
  ASSERT_EQ(std::system(absl::StrCat("openssl req -x509 -newkey ec -pkeyopt "
                                     "ec_paramgen_curve:P-256 -noenc -days 1 -subj /CN=short "
                                     "-keyout ",
                                     ca, ".key -out ", ca, ".pem 2>", ca, ".log")
                            .c_str()),
            0);
  const std::string ends_soon = FileContent(ca + ".pem");
  Write("ca.pem", ends_soon);
  (*files)->ReadAgain(false);
  EXPECT_LT((*files)->current()->ends, absl::Now() + absl::Hours(25));
  Write("ca.pem", ends_soon + From("old", "ca.pem"));
  (*files)->ReadAgain(false);
  EXPECT_GT((*files)->current()->ends, absl::Now() + absl::Hours(24 * 824));
}

TEST_F(TlsFilesTest, APeerCallsWithTheCertificateOfNow) {
  const std::string address = absl::StrCat("unix:", *folder_, "/socket");
  GateServer server;
  server.StartInternal(
      address, {From("new", "ca.pem"), From("new", "company.pem"), From("new", "company.key")});
  const auto files = TlsFiles::Load(Paths());
  ASSERT_OK(files.status());
  Peer peer("company", address, *files);
  const auto destroy = [&peer](absl::Duration patience) {
    const CallContext call = ACaller().Until(absl::Now() + patience).BuildCall();
    return peer
        .Call<CompanyService>(Effect::kChanges, call, &CompanyService::Stub::companyDestroy,
                              CompanyDestroyRequest())
        .status();
  };
  EXPECT_FALSE(destroy(absl::Seconds(1)).ok());
  for (const char* file : {"ca.pem", "user.pem", "user.key"}) Use("new", file);
  (*files)->ReadAgain(false);
  EXPECT_OK(destroy(absl::Seconds(20)));
}

}  // namespace tls_files_test
}  // namespace usher::rpc
