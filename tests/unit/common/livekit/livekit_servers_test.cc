#include "common/livekit/livekit_servers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/status_matchers.h"

namespace usher::livekit {
namespace livekit_servers_test {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class LiveKitServersTest : public ::testing::Test {
 protected:
  LiveKitServersTest() {
    std::string pattern = "/tmp/usher_livekit_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    Write("secret", "a secret of thirty-two bytes or more\n");
  }
  ~LiveKitServersTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& content) {
    std::string path = absl::StrCat(folder_, "/", name);
    std::ofstream(path) << content;
    chmod(path.c_str(), 0600);
    return path;
  }
  std::string Of(const std::string& company, const std::string& more = "") {
    return absl::StrCat("server { company_id: '", company,
                        "' url: 'wss://livekit.example.org' api_key: 'APIkey' api_secret_file: '",
                        folder_, "/secret' ", more, " }\n");
  }
  std::string WithUrl(const std::string& url) {
    return absl::StrReplaceAll(Of("acme"), {{"wss://livekit.example.org", url}});
  }
  static std::string UrlIn(const std::string& text) {
    const auto servers = ParseServers(text);
    EXPECT_OK(servers);
    return servers.ok() && servers->size() == 1 ? servers->begin()->second.url : "";
  }
  static std::string WhyNot(const std::string& text) {
    const auto servers = ParseServers(text);
    EXPECT_EQ(servers.status().code(), absl::StatusCode::kInvalidArgument) << text;
    return std::string(servers.status().message());
  }

  std::string folder_;
};

TEST_F(LiveKitServersTest, EachCompanyHasItsServer) {
  const auto servers = ParseServers(Of("acme") + Of("Globex"));
  ASSERT_OK(servers);
  ASSERT_EQ(servers->size(), 2u);
  const Server& server = servers->at(CompanyId("globex"));
  EXPECT_EQ(server.url, "wss://livekit.example.org");
  EXPECT_EQ(server.api_key, "APIkey");
  EXPECT_EQ(server.api_secret.Reveal(), "a secret of thirty-two bytes or more");
  EXPECT_FALSE(server.grants_in_token);
  EXPECT_FALSE(server.admin_tokens);
}

TEST_F(LiveKitServersTest, WhatIsSaidCounts) {
  const auto servers = ParseServers(
      Of("acme",
         "grants: IN_TOKEN admin_tokens: true api_url: 'http://livekit:7880' client_id: "
         "'adapter' code_file: '/code' engine_id: 'one'"));
  ASSERT_OK(servers);
  const Server& server = servers->at(CompanyId("acme"));
  EXPECT_TRUE(server.grants_in_token);
  EXPECT_TRUE(server.admin_tokens);
  EXPECT_EQ(server.api_url, "http://livekit:7880");
  EXPECT_EQ(server.client_id, "adapter");
  EXPECT_EQ(server.code_file, "/code");
  EXPECT_EQ(server.engine_id, "one");
}

TEST_F(LiveKitServersTest, ServersAreFoundByTlsButForThoseOfThisMachine) {
  for (const char* url : {"wss://livekit.example.org", "wss://livekit.example.org:7443/sub/path",
                          "ws://127.0.0.1:7880", "ws://localhost:7880"}) {
    EXPECT_EQ(UrlIn(WithUrl(url)), url);
  }
  EXPECT_EQ(UrlIn(WithUrl("wss://livekit.example.org/")), "wss://livekit.example.org");
  for (const char* url :
       {"", "livekit.example.org", "https://livekit.example.org", "wss://", "wss://a b",
        "wss://ann@livekit.example.org", "wss://livekit.example.org?a=b",
        "wss://livekit.example.org/#a", "wss://livekit.example.org/../a", "wss://livekit:0",
        "ws://livekit.example.org", "ws://127.0.0.1.example.org", "wss://livekit.example.org&a"}) {
    EXPECT_THAT(WhyNot(WithUrl(url)), StartsWith("LiveKit server of acme: url must be")) << url;
  }
}

TEST_F(LiveKitServersTest, WhatDoesNotFitIsToldWithItsCompany) {
  EXPECT_THAT(WhyNot(Of("no company")), HasSubstr("company_id is no company's ID"));
  EXPECT_EQ(WhyNot(Of("acme") + Of("ACME")), "LiveKit server of ACME: there is another one");
  for (const std::string& key : {std::string(), std::string("a b"), std::string(129, 'k')}) {
    EXPECT_THAT(WhyNot(absl::StrReplaceAll(Of("acme"), {{"APIkey", key}})),
                StartsWith("LiveKit server of acme: api_key must be"));
  }
}

TEST_F(LiveKitServersTest, ASecretIsLongAndItsOwnersAlone) {
  Write("secret", "short\n");
  EXPECT_THAT(WhyNot(Of("acme")), HasSubstr("less than 32 bytes"));
  chmod(Write("secret", std::string(32, 'x')).c_str(), 0644);
  EXPECT_THAT(WhyNot(Of("acme")), HasSubstr("chmod 600"));
  std::filesystem::remove(folder_ + "/secret");
  EXPECT_THAT(WhyNot(Of("acme")),
              StartsWith("LiveKit server of acme: api_secret_file: cannot open "));
}

TEST_F(LiveKitServersTest, AFaultOfFormIsToldWithItsPlaceAndItsFile) {
  EXPECT_THAT(WhyNot("server {\n  url_: 'a'\n}"), StartsWith("2:"));
  const std::string path = Write("file", "server {\n  url_: 'a'\n}");
  const auto fault = [](const std::string& file) {
    return std::string(LoadServers(file).status().message());
  };
  EXPECT_THAT(fault(path), StartsWith(path + ": 2:"));
  EXPECT_EQ(fault(folder_ + "/none"), absl::StrCat("cannot read ", folder_, "/none"));
}

TEST_F(LiveKitServersTest, AFileOfNothingHasNoServers) {
  EXPECT_THAT(LoadServers(Write("file", "# none\n")), IsOkAndHolds(::testing::IsEmpty()));
}

}  // namespace livekit_servers_test
}  // namespace usher::livekit
