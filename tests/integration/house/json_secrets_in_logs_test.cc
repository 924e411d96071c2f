// G7, by the other door: what comes as JSON is in no log, whatever is wrong with it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/base/secret.h"
#include "common/http/json_reader.h"
#include "common/token/envelope.h"
#include "tests/support/house.h"
#include "tests/support/raw_http.h"
#include "tests/support/secret_search.h"

namespace usher {
namespace json_secrets_in_logs_test {

using ::testing::HasSubstr;

constexpr char kSignIn[] = "/authenticationService/authenticate";

class JsonSecretsInLogsTest : public ::testing::Test {
 protected:
  // A secret that the test makes up.
  std::string NewSecret(const std::string& name) {
    const std::string secret = Base64Url(Secret::Random(15).Reveal());
    search_.Add(name, secret);
    return secret;
  }
  int Post(absl::string_view path, absl::string_view json, absl::string_view headers = "") {
    last_ = RawHttp(house_.Socket("auth", "json")).Ask(HttpPost(path, json, headers));
    // Nor does it come back, but in what was signed in with.
    if (last_.status != 200) EXPECT_EQ(search_.FindIn(last_.body), "");
    return last_.status;
  }
  // `more` stands behind the credentials.
  static std::string Password(const std::string& password, absl::string_view more = "") {
    return absl::StrCat(R"({"usernamePasswordCredentials":{"companyId":"acme","username":"admin",)",
                        R"("password":")", password, R"("})", more, "}");
  }
  // What auth has logged since the test began; stops it, so that all of it is there.
  std::string NewLog() {
    EXPECT_EQ(house_.Stop("auth"), 0);
    std::string log = house_.Log("auth").substr(before_);
    house_.Start("auth");
    return log;
  }

  House& house_ = House::Get();
  const size_t before_ = house_.Log("auth").size();
  SecretSearch search_;
  HttpAnswer last_;
};

TEST_F(JsonSecretsInLogsTest, NoSecretThatComesAsJsonIsInTheLog) {
  const Tenant& acme = house_.acme();
  search_.Add("the administrator's password", acme.password);
  EXPECT_EQ(Post(kSignIn, Password(acme.password)), 200);
  ::authentication::AuthenticationReply session;
  ASSERT_TRUE(http::ReadJson(last_.body, &session).ok()) << last_.body;
  search_.Add("a refresh token", session.refreshtoken());
  search_.Add(
      "an access token",
      absl::string_view(session.accesstoken()).substr(token::kHeaderSize, token::kSignatureSize));
  const std::string bearer =
      absl::StrCat("Authorization: Bearer ", absl::Base64Escape(session.accesstoken()), "\r\n");
  EXPECT_EQ(Post("/authenticationService/isAuthenticated", "{}", bearer), 200);
  EXPECT_EQ(Post(kSignIn, Password(NewSecret("a wrong password"))), 200);

  // What is no request: each fault behind the secret, in its place, or with it in the wrong place.
  EXPECT_EQ(Post(kSignIn, Password(NewSecret("before a wrong type"), R"(,"permissions":7)")), 400);
  EXPECT_EQ(Post(kSignIn, Password(NewSecret("before the end of the text") + "\\u12")), 400);
  std::string cut = Password(NewSecret("in a text that is cut off"));
  cut.resize(cut.size() - 3);
  EXPECT_EQ(Post(kSignIn, cut), 400);
  for (const std::string& json :
       {absl::StrCat(R"({"accountStatus":")", NewSecret("as a status"), R"("})"),
        absl::StrCat(R"({"permissions":{")", NewSecret("as a permission"), R"(":true}})"),
        absl::StrCat(R"({"permissions":)", "\"", NewSecret("as permissions"), R"("})"),
        absl::StrCat("{\"", NewSecret("as a field"), "\":}"),
        absl::StrCat("\"", NewSecret("as all there is"), "\"")}) {
    EXPECT_EQ(Post(kSignIn, json), 400) << json;
  }
  EXPECT_EQ(Post(absl::StrCat("/nowhere/", NewSecret("in a path")), "{}"), 404);
  EXPECT_EQ(Post(absl::StrCat(kSignIn, "?password=", NewSecret("in a query")), "{}"), 200);
  const std::string headers = absl::StrCat("grpc-timeout: ", NewSecret("as a deadline"), "\r\n");
  EXPECT_EQ(Post(kSignIn, "{}", headers), 400);
  Post("/authenticationService/isAuthenticated", "{}",
       absl::StrCat("Authorization: Bearer ", NewSecret("as a token"), "\r\n"));

  const std::string log = NewLog();
  EXPECT_THAT(log, HasSubstr(R"("rpc":"auth.authenticate")"));
  EXPECT_EQ(search_.FindIn(log), "");
}

}  // namespace json_secrets_in_logs_test
}  // namespace usher
