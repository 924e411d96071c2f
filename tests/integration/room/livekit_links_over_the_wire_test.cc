// Join links of companies with a LiveKit server: what a client finds behind the number sign.
#include <sys/stat.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/base/secret.h"
#include "common/token/hs256_jwt.h"
#include "tests/support/over_the_wire.h"
#include "tests/support/own_server.h"

namespace usher {
namespace livekit_links_over_the_wire_test {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

class LiveKitLinksOverTheWire : public OverTheWire {
 protected:
  LiveKitLinksOverTheWire() {
    std::string pattern = "/tmp/usher_livekit_links_XXXXXX";
    folder_ = mkdtemp(pattern.data());
    std::ofstream(folder_ + "/secret") << secret_.Reveal() << "\n";
    chmod((folder_ + "/secret").c_str(), 0600);
    Write(ServerOf("acme", "grants: IN_TOKEN"));
    room_ = std::make_unique<OwnServer>(
        OwnServer::Start{.service = "room", .flags = {"--livekit=" + folder_ + "/file"}});
    channel_ = room_->NewChannel();
  }

  ~LiveKitLinksOverTheWire() override { std::filesystem::remove_all(folder_); }

  std::string ServerOf(const std::string& company, const std::string& more = "") const {
    return absl::StrCat("server {\n  company_id: '", company,
                        "'\n  url: 'wss://livekit.acme.example:7443'\n  api_key: 'APIacme'\n  "
                        "api_secret_file: '",
                        folder_, "/secret'\n  ", more, "\n}\n");
  }
  void Write(const std::string& servers) const { std::ofstream(folder_ + "/file") << servers; }
  void ReadAgain(const std::string& log) const {
    room_->process().Signal(SIGHUP);
    ASSERT_TRUE(room_->AwaitLog(log)) << room_->Log();
  }
  std::string MakeRoom(const std::string& company = "acme") {
    ::roomService::RoomCreateRequest request;
    request.mutable_room()->set_displayname("room");
    request.mutable_room()->mutable_defaultpermissions()->set_join(true);
    request.mutable_room()->mutable_defaultpermissions()->set_video(true);
    const auto reply = Ask(&RoomStub::Create, As(AdminOf(company), request));
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply.roomid();
  }
  std::string LinkTo(const std::string& room, const std::string& token) {
    auto request = As<::roomService::CreateJoinLinkRequest>(token);
    request.set_roomid(room);
    grpc::ClientContext context;
    ::roomService::CreateJoinLinkReply reply;
    const auto stub = ::roomService::roomService::NewStub(channel_);
    EXPECT_TRUE(stub->CreateJoinLink(&context, request, &reply).ok());
    EXPECT_THAT(reply, Answers(::common::OK));
    return reply.joinlink();
  }
  // What stands behind the number sign, as docs/clients.md says that it is read: our token under
  // "".
  static std::map<std::string, std::string> PartsOf(const std::string& link) {
    std::map<std::string, std::string> parts;
    const std::vector<std::string> sides = absl::StrSplit(link, '#');
    EXPECT_THAT(sides, SizeIs(2)) << link;
    for (const absl::string_view part : absl::StrSplit(sides.back(), '&')) {
      const std::pair<std::string, std::string> entry =
          absl::StrSplit(part, absl::MaxSplits('=', 1));
      const bool named = part.find('=') != absl::string_view::npos;
      parts[named ? entry.first : ""] = named ? entry.second : entry.first;
    }
    return parts;
  }
  static std::string TokenIn(const std::map<std::string, std::string>& parts) {
    std::string token;
    EXPECT_TRUE(absl::WebSafeBase64Unescape(parts.at(""), &token));
    return token;
  }

  std::string folder_;
  const Secret secret_{Base64Url(Secret::Random(32).Reveal())};
  std::unique_ptr<OwnServer> room_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(LiveKitLinksOverTheWire, ALinkCarriesATokenForTheCompanysServerBesideOurs) {
  const std::string room = MakeRoom();
  token::AccessToken member;
  member.user = UserId(NewUuid());
  member.company = CompanyId("acme");
  const auto parts = PartsOf(LinkTo(room, house_.Sign(member)));
  EXPECT_THAT(parts, SizeIs(3));
  EXPECT_EQ(parts.at("livekit_url"), "wss%3a%2f%2flivekit.acme.example%3a7443");
  const token::AccessToken ours = Claims(TokenIn(parts));
  EXPECT_EQ(ours.only_room, RoomId(room));
  const auto claims = token::VerifyHs256(parts.at("livekit_token"), secret_);
  ASSERT_OK(claims);
  EXPECT_THAT(*claims,
              StartsWith(absl::StrCat(R"({"iss":"APIacme","sub":")", member.user.value(), "\",")));
  EXPECT_THAT(*claims,
              HasSubstr(absl::StrCat("\"exp\":", absl::ToUnixSeconds(ours.expires_at), ",")));
  EXPECT_THAT(*claims, HasSubstr(absl::StrCat(
                           R"("video":{"room":")", room,
                           R"(","roomJoin":true,"canPublish":true,"canPublishSources":["camera"],)"
                           R"("canSubscribe":true,"canPublishData":false,)")));
}

TEST_F(LiveKitLinksOverTheWire, OtherCompaniesLinksAreAsTheyWere) {
  const std::string room = MakeRoom("globex");
  const std::string link = LinkTo(room, AdminOf("globex"));
  EXPECT_THAT(PartsOf(link), SizeIs(1));
  EXPECT_THAT(link, Not(HasSubstr("&")));
}

TEST_F(LiveKitLinksOverTheWire, TheFileIsReadAgainOnSighupAndAWrongOneIsNotTaken) {
  const std::string room = MakeRoom();
  Write("# none\n");
  ReadAgain("the LiveKit servers were read again");
  EXPECT_THAT(PartsOf(LinkTo(room, AdminOf("acme"))), SizeIs(1));
  Write(ServerOf("acme"));
  room_->process().Signal(SIGHUP);
  EXPECT_TRUE(
      WithinFiveSeconds([&] { return PartsOf(LinkTo(room, AdminOf("acme"))).size() == 3; }));
  Write("server {");
  ReadAgain("the LiveKit servers stay as they were");
  EXPECT_THAT(PartsOf(LinkTo(room, AdminOf("acme"))), SizeIs(3));
}

TEST_F(LiveKitLinksOverTheWire, NeitherSecretNorTokensAreLogged) {
  const auto parts = PartsOf(LinkTo(MakeRoom(), AdminOf("acme")));
  Write("server {");
  ReadAgain("the LiveKit servers stay as they were");
  room_->process().Signal(SIGTERM);
  room_->process().Wait(absl::Seconds(20));
  const std::string log = room_->Log();
  EXPECT_THAT(log, HasSubstr("room.createJoinLink"));
  EXPECT_THAT(log, Not(HasSubstr(std::string(secret_.Reveal()))));
  EXPECT_THAT(log, Not(HasSubstr(parts.at("livekit_token"))));
  const std::vector<std::string> signed_parts = absl::StrSplit(parts.at("livekit_token"), '.');
  EXPECT_THAT(log, Not(HasSubstr(signed_parts.back())));
}

}  // namespace livekit_links_over_the_wire_test
}  // namespace usher
