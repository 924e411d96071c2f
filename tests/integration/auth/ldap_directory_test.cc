// A directory by libldap, against a real slapd and against what pretends to be one.
#include "services/auth/directory/ldap_directory.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <sstream>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"
#include "common/base/clock.h"
#include "services/auth/directory/directory_command.h"
#include "services/auth/directory/ldap_names.h"
#include "tests/support/contracts/directory_contract.h"
#include "tests/support/slapd.h"

namespace usher::auth {
namespace ldap_directory_test {

using ::testing::HasSubstr;
using ::testing::Not;

// Who is off has another employeeType.
constexpr char kFilter[] = "(&(objectClass=inetOrgPerson)(uid={user})(!(employeeType=off)))";

const Clock& TheClock() {
  static const SystemClock clock;
  return clock;
}

enum class Way { kStartTls, kTls, kPattern };

DirectorySettings SettingsFor(const Slapd& slapd, Way way) {
  DirectorySettings settings;
  settings.company = CompanyId("acme");
  settings.urls = {way == Way::kTls ? slapd.TlsUrl() : slapd.Url()};
  settings.ca = slapd.Ca();
  settings.filter = kFilter;
  if (way == Way::kPattern) {
    settings.user_dn = absl::StrCat("uid={user},", Slapd::kPeople);
  } else {
    settings.base = Slapd::kSuffix;
  }
  settings.bind_dn = Slapd::kReader;
  settings.bind_password = Secret(Slapd::kReaderPassword);
  settings.rules.finds = true;
  settings.timeout = absl::Seconds(20);  // of a busy machine
  return settings;
}

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

class LdapDirectoryTest : public ::testing::Test {
 protected:
  using Found = absl::StatusOr<std::optional<DirectoryPerson>>;

  static Found Recognise(LdapDirectory& directory, const std::string& name = "ann",
                         const std::string& password = "ann's password") {
    return directory.Recognise(
        ACall(), {.username = name, .password = Secret(password), .bind_dn = "", .search_dn = ""});
  }
  Found Recognise(DirectorySettings settings, const std::string& name = "ann",
                  const std::string& password = "ann's password") {
    LdapDirectory directory(std::move(settings), nullptr, TheClock());
    return Recognise(directory, name, password);
  }
  static bool Recognised(const Found& found) { return found.ok() && found->has_value(); }
  static std::string Checked(const DirectorySettings& settings, const std::string& username = "",
                             const std::string& password = "") {
    std::ostringstream out;
    const absl::Status status = CheckDirectory(settings, username, Secret(password), out);
    EXPECT_EQ(status.ok(), !absl::StrContains(out.str(), "FAILED")) << out.str();
    return out.str();
  }
  DirectorySettings Settings(Way way = Way::kStartTls) const { return SettingsFor(slapd_, way); }

  Slapd slapd_;
};

TEST_F(LdapDirectoryTest, ACertificateOfAnotherCaIsNotTaken) {
  slapd_.AddPerson("ann", "ann's password");
  for (const Way way : {Way::kStartTls, Way::kTls}) {
    ASSERT_TRUE(Recognised(Recognise(Settings(way))));
    DirectorySettings settings = Settings(way);
    settings.ca = slapd_.OtherCa();
    EXPECT_THAT(Recognise(settings), HasReplyCode(::common::REMOTE_ERROR));
    EXPECT_THAT(Checked(settings), HasSubstr("FAILED  TLS"));
  }
}

TEST_F(LdapDirectoryTest, ACertificateOfAnotherNameIsNotTaken) {
  slapd_.AddPerson("ann", "ann's password");
  // The certificate is for localhost, for which libldap looks for the machine's own name, and for
  // 127.0.0.1.
  for (const Way way : {Way::kStartTls, Way::kTls}) {
    DirectorySettings settings = Settings(way);
    settings.urls.front() =
        absl::StrReplaceAll(settings.urls.front(), {{"127.0.0.1", "localhost"}});
    EXPECT_THAT(Recognise(settings), HasReplyCode(::common::REMOTE_ERROR));
    EXPECT_THAT(Checked(settings), HasSubstr("FAILED  TLS"));
  }
}

TEST_F(LdapDirectoryTest, WhatNobodyKnowsIsOutOfReach) {
  DirectorySettings settings = Settings();
  settings.urls = {"ldap://directory.invalid"};
  EXPECT_THAT(Recognise(settings), HasReplyCode(::common::REMOTE_ERROR));
  EXPECT_THAT(Checked(settings), HasSubstr("FAILED  resolve"));
}

TEST_F(LdapDirectoryTest, WithoutTlsOnlyWhereThatIsSaid) {
  slapd_.AddPerson("ann", "ann's password");
  DirectorySettings settings = Settings();
  settings.plaintext = true;
  settings.ca.clear();
  EXPECT_TRUE(Recognised(Recognise(settings)));
  EXPECT_THAT(Checked(settings, "ann"), HasSubstr("no TLS"));
}

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

TEST_F(LdapDirectoryTest, ConnectionsAreKept) {
  slapd_.AddPerson("ann", "ann's password");
  LdapDirectory directory(Settings(), nullptr, TheClock());
  const auto connections = [&] {
    size_t count = 0;
    std::istringstream log(slapd_.Log());
    for (std::string line; std::getline(log, line);) count += absl::StrContains(line, " ACCEPT ");
    return count;
  };
  ASSERT_TRUE(Recognised(Recognise(directory)));
  const size_t before = connections();
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(Recognised(Recognise(directory)));
  EXPECT_EQ(connections(), before);
}

TEST_F(LdapDirectoryTest, AConnectionThatHasDiedMeanwhileIsReplacedUnnoticed) {
  slapd_.AddPerson("ann", "ann's password");
  for (const Way way : {Way::kStartTls, Way::kTls, Way::kPattern}) {
    LdapDirectory directory(Settings(way), nullptr, TheClock());
    ASSERT_TRUE(Recognised(Recognise(directory)));
    slapd_.Stop();
    slapd_.Start();
    EXPECT_TRUE(Recognised(Recognise(directory)));
  }
}

TEST_F(LdapDirectoryTest, OfSeveralAddressesOneThatWorksIsEnough) {
  slapd_.AddPerson("ann", "ann's password");
  DirectorySettings settings = Settings();
  settings.urls = {"ldap://localhost:1", slapd_.Url()};
  EXPECT_TRUE(Recognised(Recognise(settings)));
}

TEST_F(LdapDirectoryTest, ManyAtOnceAreServedOverAFewConnections) {
  slapd_.AddPerson("ann", "ann's password");
  DirectorySettings settings = Settings();
  settings.connections = 2;
  LdapDirectory directory(settings, nullptr, TheClock());
  std::atomic<int> recognised{0}, wrong{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 20; ++j) {
        const Found right = Recognise(directory);
        const Found other = Recognise(directory, "ann", "wrong");
        // On a busy machine there may be no place in time: that is no answer.
        recognised += right.ok() && right->has_value() ? 1 : 0;
        wrong += (right.ok() && !right->has_value()) || (other.ok() && other->has_value()) ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_GT(recognised, 0);
  EXPECT_EQ(wrong, 0);
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

// L14: "server hanging -> 1046 <= 4 s". A new connection, and one that was kept.
TEST_F(LdapDirectoryTest, ADirectoryThatHangsIsGivenUpInTime) {
  slapd_.AddPerson("ann", "ann's password");
  for (const Way way : {Way::kStartTls, Way::kTls, Way::kPattern}) {
    for (const bool kept : {false, true}) {
      DirectorySettings settings = Settings(way);
      settings.timeout = kept ? absl::Seconds(20) : absl::Seconds(1);
      LdapDirectory directory(settings, nullptr, TheClock());
      if (kept) ASSERT_TRUE(Recognised(Recognise(directory)));
      CallContext call = ACall();
      call.deadline = absl::Now() + absl::Seconds(2);
      slapd_.Freeze();
      const absl::Time begun = absl::Now();
      const Found found = directory.Recognise(
          call, {.username = "ann", .password = Secret("p"), .bind_dn = "", .search_dn = ""});
      const absl::Duration took = absl::Now() - begun;
      slapd_.Thaw();
      EXPECT_THAT(found, HasReplyCode(::common::REMOTE_ERROR));
      EXPECT_LT(took, absl::Seconds(4)) << static_cast<int>(way) << kept;
    }
  }
}

// After a few who had to wait nobody waits any more.
TEST_F(LdapDirectoryTest, BesideADirectoryThatHangsTheDoorIsShut) {
  slapd_.AddPerson("ann", "ann's password");
  DirectorySettings settings = Settings();
  settings.timeout = absl::Seconds(1);
  LdapDirectory directory(settings, nullptr, TheClock());
  slapd_.Freeze();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(Recognised(Recognise(directory)));
  const absl::Time begun = absl::Now();
  for (int i = 0; i < 5; ++i) {
    EXPECT_THAT(Recognise(directory), HasReplyCode(::common::REMOTE_ERROR));
  }
  EXPECT_LT(absl::Now() - begun, absl::Seconds(1));
  slapd_.Thaw();
}

// Whatever answers in the place of a directory.
class Impostor {
 public:
  // What to send, piece by piece, with a pause in between, as often as the other side is there.
  Impostor(std::string piece, absl::Duration pause) : piece_(std::move(piece)), pause_(pause) {
    listener_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    EXPECT_EQ(bind(listener_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(listen(listener_, 16), 0);
    EXPECT_EQ(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { Run(); });
  }
  ~Impostor() {
    ending_ = true;
    shutdown(listener_, SHUT_RDWR);
    thread_.join();
    close(listener_);
  }
  std::string Url() const { return absl::StrCat("ldap://127.0.0.1:", port_); }

 private:
  void Run() {
    while (!ending_) {
      const int connection = accept(listener_, nullptr, nullptr);
      if (connection < 0) return;
      while (!ending_ && send(connection, piece_.data(), piece_.size(), MSG_NOSIGNAL) > 0) {
        absl::SleepFor(pause_);
      }
      close(connection);
    }
  }

  const std::string piece_;
  const absl::Duration pause_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

// R9: "blackhole, slow-drip, malformed LDAP replies".
TEST_F(LdapDirectoryTest, WhateverAnswersInThePlaceOfADirectoryIsGivenUpInTime) {
  const std::pair<std::string, std::string> answers[] = {
      {"a byte of what never ends", "\x30"},
      {"the head of a large message, and then its bytes",
       std::string("\x30\x84\x00\x0f\xff\xff", 6)},
      {"the head of one that is too large", std::string("\x30\x84\x7f\xff\xff\xff", 6)},
      {"what is no LDAP", "HTTP/1.1 400 Bad Request\r\n\r\n"},
      {"nothing but zeros", std::string(100, '\0')},
      {"a notice that nobody asked for",
       std::string("\x30\x0c\x02\x01\x00\x78\x07\x0a\x01\x34\x04\x00\x04\x00", 14)},
      {"entries without end",
       std::string("\x30\x11\x02\x01\x02\x64\x0c\x04\x08uid=a,dc\x30\x00", 19)},
  };
  for (const bool tls : {false, true}) {
    for (const auto& [what, piece] : answers) {
      Impostor impostor(piece, absl::Milliseconds(5));
      DirectorySettings settings;
      settings.company = CompanyId("acme");
      settings.urls = {impostor.Url()};
      settings.plaintext = !tls;
      settings.ca = slapd_.Ca();
      settings.base = "dc=example,dc=org";
      settings.filter = "(uid={user})";
      settings.timeout = absl::Seconds(1);
      LdapDirectory directory(settings, nullptr, TheClock());
      const absl::Time begun = absl::Now();
      EXPECT_THAT(directory.Recognise(
                      ACall(),
                      {.username = "ann", .password = Secret("p"), .bind_dn = "", .search_dn = ""}),
                  HasReplyCode(::common::REMOTE_ERROR))
          << what;
      EXPECT_LT(absl::Now() - begun, absl::Seconds(3)) << what;
    }
  }
}

}  // namespace ldap_directory_test
}  // namespace usher::auth
