#include "common/livekit/room_token.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/permission/role.h"
#include "common/text/limits.h"
#include "common/token/hs256_jwt.h"
#include "tests/support/status_matchers.h"

namespace usher::livekit {
namespace room_token_test {

using ::testing::HasSubstr;
using ::testing::Not;

Server AServer() {
  Server server;
  server.url = "wss://livekit.example.org";
  server.api_key = "APIacme";
  server.api_secret = Secret("a secret of thirty-two bytes or more");
  return server;
}

Server OneWithGrantsInTokens() {
  Server server = AServer();
  server.grants_in_token = true;
  return server;
}

Admission AGuest() {
  Admission admission;
  admission.company = CompanyId("acme");
  admission.room = RoomId("01900000-0000-7000-8000-0000000000ab");
  admission.user = UserId("01900000-0000-7000-9000-0000000000cd");
  admission.base_permissions_id = UserId("01900000-0000-7000-9000-0000000000ef");
  admission.guest = true;
  admission.display_name = "Zo\u00eb \"Z\"";
  admission.rights = RightsOf(Role::kGuest);
  admission.issued_at = absl::FromUnixSeconds(1764150000) + absl::Milliseconds(700);
  admission.expires_at = absl::FromUnixSeconds(1764153600);
  return admission;
}

TEST(LiveKitRoomToken, SaysWhoComesToWhichRoomAndForHowLong) {
  EXPECT_EQ(RoomTokenClaims(OneWithGrantsInTokens(), "token", AGuest()),
            "{\"iss\":\"APIacme\",\"sub\":\"01900000-0000-7000-9000-0000000000cd\","
            "\"jti\":\"token\",\"nbf\":1764150000,\"exp\":1764153600,"
            "\"name\":\"Zo\u00eb \\\"Z\\\"\","
            "\"metadata\":\"{\\\"company\\\":\\\"acme\\\",\\\"guest\\\":true,"
            "\\\"basePermissionsId\\\":\\\"01900000-0000-7000-9000-0000000000ef\\\","
            "\\\"roomAdmin\\\":false,\\\"spectator\\\":false,"
            "\\\"issued\\\":1764150000,\\\"expires\\\":1764153600}\","
            "\"video\":{\"room\":\"01900000-0000-7000-8000-0000000000ab\",\"roomJoin\":true,"
            "\"canPublish\":true,\"canPublishSources\":[\"camera\",\"microphone\"],"
            "\"canSubscribe\":true,\"canPublishData\":true,\"canUpdateOwnMetadata\":false,"
            "\"roomAdmin\":false}}");
}

// An engine reports it, and a report with one name that is too long is refused as a whole.
TEST(LiveKitRoomToken, ANameIsNoLongerThanUsherTakesNames) {
  Admission guest = AGuest();
  guest.display_name = std::string(200, 'a') + " " + std::string(200, 'b');
  const text::Limits before = text::TheLimits();
  text::Limits limits = before;
  limits.longest_name = 100;
  text::SetLimits(limits);
  const std::string claims = RoomTokenClaims(AServer(), "token", guest);
  text::SetLimits(before);
  EXPECT_THAT(claims, HasSubstr("\"name\":\"" + std::string(100, 'a') + "\","));
}

// As Python's hmac signs the claims above.
TEST(LiveKitRoomToken, ItsSignatureIsTheOneThatOthersMake) {
  const std::string token = token::SignHs256(
      RoomTokenClaims(OneWithGrantsInTokens(), "token", AGuest()), AServer().api_secret);
  EXPECT_THAT(token, ::testing::StartsWith("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJBUEl"));
  EXPECT_THAT(token, ::testing::EndsWith(".rqAR_xN18LRGsfnSlNba2UECIEzLpqexQBMw_-oPhqM"));
}

// LiveKit allows what a token leaves out.
TEST(LiveKitRoomToken, ATokenOpensTheDoorAndNothingElseWhereTheAdapterGivesTheRest) {
  Admission administrator = AGuest();
  administrator.rights = kAllRoomRights;
  EXPECT_THAT(RoomTokenClaims(AServer(), "token", administrator),
              HasSubstr(R"("roomJoin":true,"canPublish":false,"canPublishSources":[],)"
                        R"("canSubscribe":false,"canPublishData":false,)"
                        R"("canUpdateOwnMetadata":false,"roomAdmin":false}})"));
}

TEST(LiveKitRoomToken, IsAKeyToTheServerApiOnlyOfAdministratorsAndWhereThatIsWanted) {
  Admission administrator = AGuest();
  administrator.rights = kAllRoomRights;
  Admission moderator = AGuest();
  moderator.rights = RightsOf(Role::kModerator);
  for (Server server : {AServer(), OneWithGrantsInTokens()}) {
    EXPECT_THAT(RoomTokenClaims(server, "token", administrator), HasSubstr("\"roomAdmin\":false}"));
    server.admin_tokens = true;
    EXPECT_THAT(RoomTokenClaims(server, "token", administrator), HasSubstr("\"roomAdmin\":true}"));
    EXPECT_THAT(RoomTokenClaims(server, "token", moderator), HasSubstr("\"roomAdmin\":false}"));
  }
}

TEST(LiveKitRoomToken, WhoMayPublishNothingIsASpectator) {
  Admission spectator = AGuest();
  spectator.rights = RightsOf(Role::kSpectator);
  EXPECT_THAT(RoomTokenClaims(OneWithGrantsInTokens(), "token", spectator),
              ::testing::AllOf(HasSubstr(R"(\"spectator\":true)"),
                               HasSubstr(R"("canPublish":false,"canPublishSources":[],)"
                                         R"("canSubscribe":true,"canPublishData":true)")));
}

TEST(LiveKitRoomToken, IsSignedWithTheServersSecretAndNeverTheSame) {
  const std::string token = RoomToken(AServer(), AGuest());
  EXPECT_THAT(token::VerifyHs256(token, AServer().api_secret),
              IsOkAndHolds(HasSubstr("\"iss\":\"APIacme\"")));
  EXPECT_NE(token, RoomToken(AServer(), AGuest()));
  EXPECT_THAT(token, Not(HasSubstr("secret")));
}

}  // namespace room_token_test
}  // namespace usher::livekit
