#include "services/room/engine/livekit_tickets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/status/reply_error.h"
#include "common/token/hs256_jwt.h"
#include "tests/support/a_caller.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_profile_names.h"
#include "tests/support/status_matchers.h"

namespace usher::room {
namespace livekit_tickets_test {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

constexpr char kSecret[] = "a secret of thirty-two bytes or more";
constexpr char kLink[] = "&livekit_url=wss%3a%2f%2flivekit.example.org%3a7443&livekit_token=";

class LiveKitTicketsTest : public ::testing::Test {
 protected:
  LiveKitTicketsTest() {
    std::ofstream(folder_ + "/secret") << kSecret;
    chmod((folder_ + "/secret").c_str(), 0600);
    Configure("acme");
    EXPECT_OK(tickets_.Read());
  }
  ~LiveKitTicketsTest() override { std::filesystem::remove_all(folder_); }

  static std::string NewFolder() {
    std::string pattern = "/tmp/usher_tickets_XXXXXX";
    return mkdtemp(pattern.data());
  }
  void Configure(const std::string& company) { Write(ServerOf(company)); }
  void Write(const std::string& content) { std::ofstream(folder_ + "/file") << content; }
  std::string ServerOf(const std::string& company) {
    return absl::StrCat("server { company_id: '", company,
                        "' url: 'wss://livekit.example.org:7443' api_key: 'key' grants: IN_TOKEN "
                        "api_secret_file: '",
                        folder_, "/secret' }\n");
  }
  Entrance Member() const {
    Entrance entrance;
    entrance.company = CompanyId("acme");
    entrance.room = RoomId("01900000-0000-7000-8000-0000000000ab");
    entrance.person.user = UserId("01900000-0000-7000-9000-0000000000cd");
    entrance.person.subject = entrance.person.user;
    entrance.rights = {RoomRight::kJoin, RoomRight::kVoice};
    entrance.expires_at = clock_.Now() + absl::Minutes(5);
    return entrance;
  }
  static Entrance In(const std::string& company, Entrance entrance) {
    entrance.company = CompanyId(company);
    return entrance;
  }
  std::string TicketFor(const Entrance& entrance) { return tickets_.TicketFor(ACall(), entrance); }
  // What the token in the ticket says.
  std::string ClaimsFor(const Entrance& entrance) {
    const std::string ticket = TicketFor(entrance);
    EXPECT_THAT(ticket, StartsWith(kLink));
    const auto claims = token::VerifyHs256(absl::StripPrefix(ticket, kLink), Secret(kSecret));
    EXPECT_OK(claims);
    return claims.value_or("");
  }

  const std::string folder_ = NewFolder();
  FakeClock clock_;
  FakeProfileNames names_;
  LiveKitTickets tickets_{folder_ + "/file", &names_, clock_};
};

TEST_F(LiveKitTicketsTest, WhoHasNoLiveKitServerGetsNothing) {
  EXPECT_EQ(TicketFor(In("globex", Member())), "");
  LiveKitTickets none("", &names_, clock_);
  EXPECT_OK(none.Read());
  none.ReadAgain();
  EXPECT_EQ(none.TicketFor(ACall(), Member()), "");
  EXPECT_THAT(names_.asked, IsEmpty());
}

TEST_F(LiveKitTicketsTest, ATicketIsTheServersAddressAndATokenForTheRoomAsLongAsTheJoinToken) {
  const std::string claims = ClaimsFor(Member());
  const int64_t now = absl::ToUnixSeconds(clock_.Now());
  EXPECT_THAT(claims, HasSubstr(absl::StrCat("\"nbf\":", now, ",\"exp\":", now + 300, ",")));
  EXPECT_THAT(claims, HasSubstr(R"("room":"01900000-0000-7000-8000-0000000000ab")"));
  EXPECT_THAT(claims, HasSubstr(R"("sub":"01900000-0000-7000-9000-0000000000cd")"));
  EXPECT_THAT(claims, HasSubstr(R"("canPublishSources":["microphone"])"));
  EXPECT_THAT(claims, HasSubstr(R"(\"basePermissionsId\":\"\",\"roomAdmin\":false)"));
}

TEST_F(LiveKitTicketsTest, AGuestOfAShareableAccessIsToldByIt) {
  Entrance guest = Member();
  guest.person.guest = true;
  guest.person.subject = UserId("01900000-0000-7000-9000-0000000000ef");
  guest.display_name = "Gus";
  const std::string claims = ClaimsFor(guest);
  EXPECT_THAT(claims, HasSubstr("\"name\":\"Gus\""));
  EXPECT_THAT(claims, HasSubstr(R"(\"guest\":true,\"basePermissionsId\":)"
                                R"(\"01900000-0000-7000-9000-0000000000ef\")"));
  EXPECT_THAT(names_.asked, IsEmpty());
}

TEST_F(LiveKitTicketsTest, AUserIsCalledAsTheProfileSays) {
  names_.names[{CompanyId("acme"), Member().person.user}] = "Ann M\u00fcller";
  EXPECT_THAT(ClaimsFor(Member()), HasSubstr("\"name\":\"Ann M\u00fcller\""));
}

TEST_F(LiveKitTicketsTest, ATicketIsMadeWhileNobodySaysWhatUsersAreCalledAndDoesNotWaitLong) {
  names_.failure = Unreachable("the user service");
  EXPECT_THAT(ClaimsFor(Member()), HasSubstr("\"name\":\"\""));
  ASSERT_THAT(names_.asked, SizeIs(1));
  EXPECT_LE(names_.asked[0].deadline, absl::Now() + absl::Seconds(1));
  LiveKitTickets alone(folder_ + "/file", nullptr, clock_);
  EXPECT_OK(alone.Read());
  EXPECT_THAT(alone.TicketFor(ACall(), Member()), StartsWith(kLink));
}

// LiveKit changes nothing of somebody with a longer one.
TEST_F(LiveKitTicketsTest, ANameIsCutBehindACharacterWhereLiveKitTakesNoMore) {
  std::string name = "x";
  for (int i = 0; i < 100; ++i) name += "\U0001F600";
  names_.names[{CompanyId("acme"), Member().person.user}] = name;
  EXPECT_THAT(ClaimsFor(Member()),
              HasSubstr(absl::StrCat("\"name\":\"", name.substr(0, 253), "\",")));
}

TEST_F(LiveKitTicketsTest, AFileThatWasReadAgainCountsAndAWrongOneDoesNot) {
  Configure("globex");
  tickets_.ReadAgain();
  EXPECT_EQ(TicketFor(Member()), "");
  EXPECT_THAT(TicketFor(In("globex", Member())), StartsWith(kLink));
  Write("server {");
  EXPECT_THAT(tickets_.Read(), StatusIs(absl::StatusCode::kInvalidArgument));
  tickets_.ReadAgain();
  EXPECT_THAT(TicketFor(In("globex", Member())), StartsWith(kLink));
}

}  // namespace livekit_tickets_test
}  // namespace usher::room
