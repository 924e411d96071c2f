// Auth does what the user service asked for, and its answer is lost: the client is told that nobody
// knows, never that nothing was changed, and a repetition finds out.
#include <future>
#include <string>

#include "tests/integration/user/user_over_the_wire.h"

namespace usher {
namespace lost_answer_test {

constexpr absl::Duration kPatience = absl::Seconds(60);

// Holds auth's transactions at their COMMIT, where the database ends them even when auth has died.
class HeldCommits {
 public:
  explicit HeldCommits(ScratchDatabase& database) : database_(database) {
    database_.Run(R"sql(
      CREATE TABLE test_released (what text);
      CREATE FUNCTION test_hold() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        WHILE NOT EXISTS (SELECT 1 FROM test_released) LOOP
          PERFORM pg_sleep(0.002);
        END LOOP;
        RETURN NULL;
      END $$;
      CREATE CONSTRAINT TRIGGER test_hold AFTER INSERT OR UPDATE OR DELETE ON methods
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION test_hold();
    )sql");
  }
  ~HeldCommits() {
    Release();
    database_.Run(
        "DROP TRIGGER test_hold ON methods; DROP FUNCTION test_hold; DROP TABLE test_released");
  }
  HeldCommits(const HeldCommits&) = delete;
  HeldCommits& operator=(const HeldCommits&) = delete;

  bool AwaitOne() const { return Await("<> 0"); }
  void Release() { database_.Run("INSERT INTO test_released VALUES ('all')"); }
  bool AwaitNone() const { return Await("= 0"); }

 private:
  bool Await(const std::string& how_many) const {
    const absl::Time until = absl::Now() + kPatience;
    while (absl::Now() < until) {
      if (database_.Ask(absl::StrCat("SELECT count(*) ", how_many,
                                     " FROM pg_stat_activity WHERE datname = current_database() "
                                     "AND wait_event = 'PgSleep'")) == "t") {
        return true;
      }
    }
    return false;
  }

  ScratchDatabase& database_;
};

class LostAnswerTest : public UserOverTheWire {
 protected:
  // Runs `call` while auth carries out what it asks for and dies before it can say so.
  template <class Call>
  grpc::Status LoseTheAnswerOf(Call call) {
    HeldCommits held(house_.database("auth"));
    auto status = std::async(std::launch::async, call);
    EXPECT_TRUE(held.AwaitOne()) << house_.Log("auth");
    house_.Kill("auth");
    const grpc::Status answered = status.get();
    held.Release();
    EXPECT_TRUE(held.AwaitNone());
    house_.Start("auth");
    return answered;
  }
  static void ExpectInDoubt(const grpc::Status& status) {
    EXPECT_EQ(status.error_code(), grpc::StatusCode::DEADLINE_EXCEEDED) << status.error_message();
    EXPECT_THAT(status.error_message(), ::testing::HasSubstr("look whether the change is there"));
  }
};

// The one whom the text told to try again made a second user, or was refused.
TEST_F(LostAnswerTest, ACreationIsNotToldAsUndoneAndItsRepetitionFindsTheOneUser) {
  const std::string username = NewUsername();
  const auto request =
      As(AdminOf("acme"), Creating(Titled("Dr."), PasswordFor(username)));  // no address
  const Headers headers = {{"idempotency-key", NewUuid()}};
  ::user::UserCreateReply reply;
  const grpc::Status first =
      LoseTheAnswerOf([&] { return Try(&UserStub::userCreate, request, &reply, headers); });
  ExpectInDoubt(first);

  house_.database("user").Run("UPDATE sagas SET lease_until = now()");
  grpc::Status again;
  const absl::Time until = absl::Now() + kPatience;
  do {
    again = Try(&UserStub::userCreate, request, &reply, headers);
  } while (!again.ok() && absl::Now() < until);
  ASSERT_TRUE(again.ok()) << again.error_message();
  ASSERT_THAT(reply, Answers(::common::OK));
  EXPECT_EQ(
      house_.database("auth").Ask(absl::StrCat(
          "SELECT string_agg(user_id::text, ',') FROM methods WHERE principal = '", username, "'")),
      reply.userid());
  EXPECT_TRUE(Find(reply.userid()).has_value());
  EXPECT_EQ(house_.SignIn("acme", username, PasswordOf(username)).user, reply.userid());
}

TEST_F(LostAnswerTest, AChangedPasswordIsNotToldAsUnchanged) {
  const Account ann = NewUser();
  ::user::UserUpdateRequest request;
  request.set_userid(ann.user);
  *request.mutable_authenticationrequest() = PasswordFor(ann.username);
  request.mutable_authenticationrequest()->mutable_usernamepasswordcredentials()->set_password(
      "another password");
  request = As(AdminOf("acme"), request);
  ::common::ReplyInfo reply;
  const grpc::Status status =
      LoseTheAnswerOf([&] { return Try(&UserStub::userUpdate, request, &reply); });
  ExpectInDoubt(status);
  EXPECT_EQ(house_.SignIn("acme", ann.username, "another password").user, ann.user);
}

TEST_F(LostAnswerTest, ARemovalThatTookPlaceIsNotToldAsUndone) {
  const Account ann = NewUser();
  ::user::UserDestroyRequest request;
  request.set_userid(ann.user);
  request = As(AdminOf("acme"), request);
  ::common::ReplyInfo reply;
  ExpectInDoubt(LoseTheAnswerOf([&] { return Try(&UserStub::userDestroy, request, &reply); }));
  const absl::Time until = absl::Now() + kPatience;
  do {
    house_.database("user").Run("UPDATE sagas SET lease_until = now()");
    ASSERT_LT(absl::Now(), until);
  } while (house_.database("user").Ask("SELECT count(*) FROM sagas") != "0");
  EXPECT_FALSE(Find(ann.user).has_value());
}

}  // namespace lost_answer_test
}  // namespace usher
