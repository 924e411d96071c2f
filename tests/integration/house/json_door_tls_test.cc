// The JSON door behind TLS.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "tests/support/folders.h"
#include "tests/support/house.h"
#include "tests/support/own_server.h"

namespace usher {
namespace json_door_tls_test {

using ::testing::HasSubstr;

constexpr absl::Duration kPatience = absl::Seconds(30);

// With curl, as a stranger would.
class JsonDoorTlsTest : public ::testing::Test {
 protected:
  JsonDoorTlsTest() {
    std::string pattern = "/tmp/usher_json_tls_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    for (const char* name : {"/used", "/new"}) {
      RunProgram({SourceFolder() + "/deploy/local/certificates", folder_ + name, "company"});
    }
    const std::string used = folder_ + "/used/";
    std::filesystem::copy_file(used + "public_ca.pem", folder_ + "/old_ca.pem");
    server_ = std::make_unique<OwnServer>(
        OwnServer::Start{.flags = {"--json_tls_listen=127.0.0.1:0",
                                   absl::StrCat("--tls_certificate=", used, "public.pem"),
                                   absl::StrCat("--tls_key=", used, "public.key")}});
  }
  ~JsonDoorTlsTest() override { std::filesystem::remove_all(folder_); }

  // What curl prints; throws where it does not trust the server.
  std::string Curl(const std::string& ca, const std::vector<std::string>& more = {}) const {
    std::vector<std::string> command = {"/usr/bin/curl",
                                        "--silent",
                                        "--show-error",
                                        "--noproxy",
                                        "*",
                                        "--cacert",
                                        folder_ + ca,
                                        "--header",
                                        "Content-Type: application/json",
                                        "--data",
                                        R"({"displayName":"x"})",
                                        "--max-time",
                                        "30"};
    command.insert(command.end(), more.begin(), more.end());
    command.push_back(
        absl::StrCat("https://", server_->Address("JSON with TLS"), "/companyService/available"));
    return RunProgram(command);
  }

  House& house_ = House::Get();
  std::string folder_;
  std::unique_ptr<OwnServer> server_;
};

TEST_F(JsonDoorTlsTest, TheDoorSpeaksTls) {
  EXPECT_THAT(Curl("/old_ca.pem"), HasSubstr(R"("companyId":"x")"));
  EXPECT_THAT(Curl("/old_ca.pem", {"--http2"}), HasSubstr(R"("companyId":"x")"));
  EXPECT_THROW(Curl("/new/public_ca.pem"), std::runtime_error);
  EXPECT_THROW(Curl("/old_ca.pem", {"--tls-max", "1.1"}), std::runtime_error);
}

TEST_F(JsonDoorTlsTest, NewCertificatesAreUsedByTheNextConnections) {
  for (const char* file : {"public.pem", "public.key"}) {
    std::filesystem::copy(absl::StrCat(folder_, "/new/", file),
                          absl::StrCat(folder_, "/used/", file),
                          std::filesystem::copy_options::overwrite_existing);
  }
  server_->process().Signal(SIGHUP);
  const absl::Time until = absl::Now() + kPatience;
  std::string answer;
  while (answer.empty() && absl::Now() < until) {
    try {
      answer = Curl("/new/public_ca.pem");
    } catch (const std::runtime_error&) {  // not read yet
    }
  }
  EXPECT_THAT(answer, HasSubstr(R"("companyId":"x")"));
}

}  // namespace json_door_tls_test
}  // namespace usher
