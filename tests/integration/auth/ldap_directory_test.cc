// A directory by libldap, against a real slapd: who is recognised, and what the check says.
#include "services/auth/directory/ldap_directory.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "tests/support/contracts/directory_contract.h"
#include "tests/support/ldap_directory_test_base.h"
#include "tests/support/slapd.h"

namespace usher::auth {
namespace ldap_directory_test {

using ::testing::HasSubstr;
using ::testing::Not;

template <Way way>
class OnSlapd : public ::testing::Test {
 protected:
  Directory& directory() { return directory_; }
  void Add(const DirectoryPerson& person, const std::string& password) {
    Slapd::Attributes attributes;
    if (!person.email.empty()) attributes["mail"] = person.email;
    if (!person.firstname.empty()) attributes["givenName"] = person.firstname;
    if (!person.lastname.empty()) attributes["sn"] = person.lastname;
    if (!person.title.empty()) attributes["title"] = person.title;
    slapd_.AddPerson(person.name, password, attributes);
  }
  void Remove(const std::string& name) { slapd_.Remove(Slapd::DnOf(name)); }
  void SwitchOff(const std::string& name) {
    slapd_.Replace(Slapd::DnOf(name), "employeeType", "off");
  }
  void SwitchOn(const std::string& name) {
    slapd_.Replace(Slapd::DnOf(name), "employeeType", "on");
  }
  void Break() { slapd_.Stop(); }
  void Mend() { slapd_.Start(); }
  static std::string DnOf(const std::string& name) { return Slapd::DnOf(name); }

  Slapd slapd_;
  LdapDirectory directory_{SettingsFor(slapd_, way), nullptr, TheClock()};
};

using Slapds =
    ::testing::Types<OnSlapd<Way::kStartTls>, OnSlapd<Way::kTls>, OnSlapd<Way::kPattern>>;
INSTANTIATE_TYPED_TEST_SUITE_P(Slapd, DirectoryContract, Slapds);

// L14: "no bind in slapd log".
TEST_F(LdapDirectoryTest, ABlankPasswordIsNeverSent) {
  slapd_.AddPerson("ann", "ann's password");
  for (const Way way : {Way::kStartTls, Way::kPattern}) {
    LdapDirectory directory(Settings(way), nullptr, TheClock());
    for (const char* password : {"", " "}) {
      EXPECT_FALSE(Recognised(Recognise(directory, "ann", password)));
    }
  }
  EXPECT_EQ(slapd_.CountSignIns(), 0U) << slapd_.Log();
}

TEST_F(LdapDirectoryTest, WhoIsNotThereCostsAsManyQuestionsAsWhoIs) {
  slapd_.AddPerson("ann", "ann's password");
  LdapDirectory directory(Settings(), nullptr, TheClock());
  EXPECT_FALSE(Recognised(Recognise(directory, "ann", "wrong")));
  size_t before = slapd_.CountSignIns();
  EXPECT_FALSE(Recognised(Recognise(directory, "ann", "wrong")));
  const size_t wrong = slapd_.CountSignIns() - before;
  before = slapd_.CountSignIns();
  EXPECT_FALSE(Recognised(Recognise(directory, "nobody", "wrong")));
  EXPECT_EQ(slapd_.CountSignIns() - before, wrong);
}

// Exactly one entry, whatever the filter finds.
TEST_F(LdapDirectoryTest, ANameThatFitsSeveralEntriesIsNobodys) {
  slapd_.AddPerson("ann", "ann's password");
  slapd_.AddPerson("anna", "ann's password", {{"mail", "ann"}});
  DirectorySettings settings = Settings();
  settings.filter = "(|(uid={user})(mail={user}))";
  EXPECT_FALSE(Recognised(Recognise(settings)));
  EXPECT_THAT(Checked(settings, "ann"), HasSubstr("more than one entry"));
}

// Else one person would have several accounts here.
TEST_F(LdapDirectoryTest, NobodySignsInByAnotherNameThanTheirs) {
  slapd_.AddPerson("ann", "ann's password", {{"mail", "ann@example.org"}});
  DirectorySettings settings = Settings();
  settings.filter = "(|(uid={user})(mail={user}))";
  EXPECT_TRUE(Recognised(Recognise(settings)));
  EXPECT_FALSE(Recognised(Recognise(settings, "ann@example.org")));
  settings.attributes.name = "mail";
  EXPECT_FALSE(Recognised(Recognise(settings)));
  EXPECT_TRUE(Recognised(Recognise(settings, "ann@example.org")));
}

TEST_F(LdapDirectoryTest, AReferralIsNotFollowed) {
  slapd_.AddPerson("ann", "ann's password");
  slapd_.Add(absl::StrCat("ou=elsewhere,", Slapd::kSuffix), {"referral", "extensibleObject"},
             {{"ou", "elsewhere"}, {"ref", "ldap://127.0.0.1:1/dc=elsewhere"}});
  DirectorySettings settings = Settings();
  EXPECT_TRUE(Recognised(Recognise(settings)));
  settings.base = absl::StrCat("ou=elsewhere,", Slapd::kSuffix);
  EXPECT_THAT(Recognise(settings), HasReplyCode(::common::REMOTE_ERROR));
}

TEST_F(LdapDirectoryTest, WhatIsWronglyConfiguredIsARemoteErrorThatTheCheckNames) {
  slapd_.AddPerson("ann", "ann's password");
  const auto fails = [&](const DirectorySettings& settings, const std::string& step) {
    EXPECT_THAT(Recognise(settings), HasReplyCode(::common::REMOTE_ERROR)) << step;
    EXPECT_THAT(Checked(settings, "ann"), HasSubstr("FAILED  " + step));
  };
  DirectorySettings settings = Settings();
  settings.bind_password = Secret("wrong");
  fails(settings, "sign in as who looks");
  settings = Settings();
  settings.base = "ou=nowhere,dc=example,dc=org";
  fails(settings, "search");
  settings = Settings();
  settings.filter = "(&(uid={user})(&)";
  fails(settings, "search");
  settings = Settings();
  settings.attributes.name = "carLicense";
  fails(settings, "name");
  settings = Settings();
  settings.attributes.id = "carLicense";
  fails(settings, "id");
  settings = Settings();
  settings.urls = {"ldap://localhost:1"};
  fails(settings, "connect");
}

TEST_F(LdapDirectoryTest, WithoutWhoLooksPeopleReadTheirOwnEntries) {
  slapd_.AddPerson("ann", "ann's password", {{"mail", "ann@example.org"}});
  DirectorySettings settings = Settings(Way::kPattern);
  settings.bind_dn.clear();
  settings.bind_password = Secret();
  settings.filter.clear();
  settings.rules.finds = false;
  const Found ann = Recognise(settings);
  ASSERT_TRUE(Recognised(ann));
  EXPECT_EQ((*ann)->email, "ann@example.org");
  EXPECT_THAT(Checked(settings, "ann", "ann's password"), HasSubstr("ann@example.org"));
}

TEST_F(LdapDirectoryTest, TheCheckSaysStepByStepWhatWorksAndNoSecret) {
  slapd_.AddPerson("ann", "ann's password", {{"mail", "ann@example.org"}});
  for (const Way way : {Way::kStartTls, Way::kTls, Way::kPattern}) {
    const std::string said = Checked(Settings(way), "ann", "ann's password");
    for (const char* step :
         {"ok      file", "ok      resolve 127.0.0.1", "ok      connect", "ok      TLS",
          "ok      sign in as who looks", "ok      search", "name (uid): ann",
          "email (mail): ann@example.org", "ok      sign in as the user"}) {
      EXPECT_THAT(said, HasSubstr(step));
    }
    EXPECT_THAT(said, Not(HasSubstr("password\n")));
    EXPECT_THAT(said, Not(HasSubstr(Slapd::kReaderPassword)));
    EXPECT_THAT(said, Not(HasSubstr("ann's password")));
  }
  EXPECT_THAT(Checked(Settings(), "ann", "wrong"), HasSubstr("FAILED  sign in as the user"));
  EXPECT_THAT(Checked(Settings(), "nobody"), HasSubstr("no entry"));
}

}  // namespace ldap_directory_test
}  // namespace usher::auth
