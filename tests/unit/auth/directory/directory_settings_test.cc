#include "services/auth/directory/directory_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "tests/support/status_matchers.h"

namespace usher::auth {
namespace directory_settings_test {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class DirectorySettingsTest : public ::testing::Test {
 protected:
  DirectorySettingsTest() {
    std::string pattern = "/tmp/usher_directories_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    Write("ca", "-----BEGIN CERTIFICATE-----\n");
    Write("password", "the password\n");
  }
  ~DirectorySettingsTest() override { std::filesystem::remove_all(folder_); }

  std::string Write(const std::string& name, const std::string& content) {
    std::string path = absl::StrCat(folder_, "/", name);
    std::ofstream(path) << content;
    chmod(path.c_str(), 0600);
    return path;
  }
  // One of "acme" that is searched, with `more` in it.
  std::string Searched(const std::string& more = "") {
    return absl::StrCat("directory { company_id: 'acme' url: 'ldaps://ldap.example.org' ca: '",
                        folder_, "/ca' base: 'dc=example,dc=org' filter: '(uid={user})' ", more,
                        " }\n");
  }
  std::string Pattern(const std::string& more = "") {
    return absl::StrCat("directory { company_id: 'acme' url: 'ldap://ldap.example.org:1389' ca: '",
                        folder_, "/ca' user_dn: 'uid={user},dc=org' ", more, " }\n");
  }
  std::string Reader(const std::string& file = "password") const {
    return absl::StrCat("bind_dn: 'cn=reader,dc=org' bind_password_file: '", folder_, "/", file,
                        "'");
  }
  static DirectorySettings One(const std::string& text) {
    const auto all = ParseDirectories(text);
    EXPECT_OK(all);
    if (!all.ok() || all->size() != 1) return {};
    return all->front();
  }
  static std::string WhyNot(const std::string& text) {
    const auto all = ParseDirectories(text);
    EXPECT_EQ(all.status().code(), absl::StatusCode::kInvalidArgument) << text;
    return std::string(all.status().message());
  }

  std::string folder_;
};

TEST_F(DirectorySettingsTest, WhatIsLeftOutIsAsUsual) {
  const DirectorySettings settings = One(Searched());
  EXPECT_EQ(settings.company, CompanyId("acme"));
  EXPECT_THAT(settings.urls, ElementsAre("ldaps://ldap.example.org"));
  EXPECT_TRUE(settings.with_tls_from_the_start());
  EXPECT_FALSE(settings.plaintext);
  EXPECT_EQ(settings.attributes, DirectoryAttributes());
  EXPECT_EQ(settings.timeout, absl::Seconds(3));
  EXPECT_EQ(settings.connections, 8U);
  EXPECT_FALSE(settings.rules.provision);
  EXPECT_TRUE(settings.rules.finds);
  EXPECT_EQ(settings.rules.check_period, absl::Seconds(300));
  EXPECT_EQ(settings.rules.longest_session, absl::InfiniteDuration());
}

TEST_F(DirectorySettingsTest, WhatIsSaidCounts) {
  const DirectorySettings settings = One(Pattern(absl::StrCat(
      Reader(),
      " filter: '(x={user})' name_attribute: 'cn' id_attribute: 'objectGUID' email_attribute: '' "
      "provision: true permission: ROOM_CREATE permission: USER_LIST timeout_seconds: 30 "
      "connections: 64 check_seconds: 10 session_seconds: 7200")));
  EXPECT_EQ(settings.user_dn, "uid={user},dc=org");
  EXPECT_EQ(settings.filter, "(x={user})");
  EXPECT_EQ(settings.bind_password.Reveal(), "the password");
  EXPECT_EQ(settings.attributes.name, "cn");
  EXPECT_EQ(settings.attributes.id, "objectGUID");
  EXPECT_EQ(settings.attributes.email, "");
  EXPECT_TRUE(settings.rules.provision);
  EXPECT_EQ(settings.rules.permissions,
            (PermissionSet{Permission::kRoomCreate, Permission::kUserList}));
  EXPECT_EQ(settings.timeout, absl::Seconds(30));
  EXPECT_EQ(settings.connections, 64U);
  EXPECT_TRUE(settings.rules.finds);
  EXPECT_EQ(settings.rules.check_period, absl::Seconds(10));
  EXPECT_EQ(settings.rules.longest_session, absl::Hours(2));
}

// Nobody could say whether somebody is still there.
TEST_F(DirectorySettingsTest, WhereNobodyCanBeLookedForSessionsLastADay) {
  const DirectorySettings settings = One(Pattern());
  EXPECT_FALSE(settings.rules.finds);
  EXPECT_EQ(settings.rules.longest_session, absl::Hours(24));
}

TEST_F(DirectorySettingsTest, AFaultOfFormIsToldWithItsPlace) {
  EXPECT_THAT(WhyNot("directory {\n  compony_id: 'acme'\n}"), StartsWith("2:13: "));
  EXPECT_THAT(WhyNot("directory {"), HasSubstr(": "));
}

TEST_F(DirectorySettingsTest, WhatDoesNotFitIsToldWithItsCompany) {
  const std::pair<std::string, std::string> faults[] = {
      {absl::StrReplaceAll(Searched(), {{"'acme'", "'no company'"}}), "company_id"},
      {absl::StrReplaceAll(Searched(), {{"ldaps://ldap.example.org", "https://example.org"}}),
       "url"},
      {absl::StrReplaceAll(Searched(), {{"ldaps://ldap.example.org", "ldaps:///"}}), "url"},
      {absl::StrReplaceAll(Searched(), {{"ldaps://ldap.example.org", "ldaps://host/dc=org"}}),
       "url"},
      {Searched("url: 'ldap://other'"), "all of them"},
      {Searched("url: 'ldaps://2' url: 'ldaps://3' url: 'ldaps://4' url: 'ldaps://5'"), "4 urls"},
      {absl::StrReplaceAll(Searched(), {{"/ca'", "/none'"}}), "cannot read"},
      {absl::StrReplaceAll(Searched(), {{"/ca'", "/password'"}}), "no certificate"},
      {Searched("plaintext: true"), "plaintext"},
      {Pattern("plaintext: true"), "plaintext"},
      {Searched("user_dn: 'uid={user},dc=org'"), "user_dn and base"},
      {absl::StrReplaceAll(Searched(), {{"base: 'dc=example,dc=org'", ""}}), "user_dn and base"},
      {absl::StrReplaceAll(Searched(), {{"base: 'dc=example", "base: 'example"}}), "base"},
      {absl::StrReplaceAll(Searched(), {{"{user}", "ann"}}), "{user}"},
      {absl::StrReplaceAll(Searched(), {{"(uid={user})", "uid={user}"}}), "filter"},
      {absl::StrReplaceAll(Pattern(), {{"uid={user},dc", "uid=ann,dc"}}), "user_dn"},
      {absl::StrReplaceAll(Pattern(), {{"uid={user}", "{user}"}}), "user_dn"},
      {Searched("bind_dn: 'cn=reader'"), "go together"},
      {Searched(absl::StrCat("bind_password_file: '", folder_, "/password'")), "go together"},
      {Searched(Reader("none")), "none"},
      {Searched("name_attribute: ''"), "name_attribute"},
      {Searched("email_attribute: 'a b'"), "a b"},
      {Searched("permission: COMPANY_ADMIN"), "COMPANY_ADMIN"},
      {Searched("permission: NONE"), "NONE"},
      {Searched("permission: UNSET"), "UNSET"},
      {Searched("timeout_seconds: 0"), "between 1 and 30"},
      {Searched("timeout_seconds: 31"), "between 1 and 30"},
      {Searched("connections: 0"), "between 1 and 64"},
      {Searched("check_seconds: 9"), "between 10 and 86400"},
      {Searched() + Searched(), "another one"},
  };
  for (const auto& [text, why] : faults) {
    EXPECT_THAT(WhyNot(text), HasSubstr(why)) << text;
    EXPECT_THAT(WhyNot(text), StartsWith("directory of ")) << text;
  }
}

// It would be an unauthenticated bind: nobody looks, and nobody is told.
TEST_F(DirectorySettingsTest, ABlankPasswordOfWhoLooksIsNone) {
  Write("blank", " \n");
  EXPECT_THAT(WhyNot(Searched(Reader("blank"))), HasSubstr("no password"));
}

TEST_F(DirectorySettingsTest, AFileThatOthersMayReadHasNoSecretsAndIsRefused) {
  chmod(Write("open", "secret").c_str(), 0644);
  EXPECT_THAT(WhyNot(Searched(Reader("open"))), HasSubstr("open"));
}

TEST_F(DirectorySettingsTest, TheFileIsNamed) {
  const std::string path = Write("directories", "directory {");
  EXPECT_THAT(LoadDirectories(path).status().message(), StartsWith(path));
  EXPECT_THAT(LoadDirectories(folder_ + "/none").status().message(), HasSubstr("none"));
  Write("directories", Searched());
  EXPECT_OK(LoadDirectories(path));
}

TEST_F(DirectorySettingsTest, ANewPasswordOrCaMakesAnotherDirectory) {
  const DirectorySettings before = One(Searched(Reader()));
  EXPECT_TRUE(IsSame(before, One(Searched(Reader()))));
  Write("password", "another password");
  EXPECT_FALSE(IsSame(before, One(Searched(Reader()))));
  Write("password", "the password");
  Write("ca", "-----BEGIN CERTIFICATE-----\nanother");
  EXPECT_FALSE(IsSame(before, One(Searched(Reader()))));
}

}  // namespace directory_settings_test
}  // namespace usher::auth
