#include "common/db/sql_error.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <pqxx/pqxx>

#include "common/rpc/outcome.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace sql_error_test {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kDriverText[] = "ERROR:  driver text";

pqxx::sql_error WithState(const char* state) {
  return pqxx::sql_error(kDriverText, "SELECT secret", state);
}
absl::Status StatusOfState(const char* state) {
  return StatusOfException(WithState(state), "find_room");
}

TEST(SqlError, AnOutageIsUnavailableWithoutTheDriversText) {
  // Connection failures, shut-downs, too many connections, a full disk, a standby.
  for (const char* state :
       {"08000", "08006", "57P01", "57P02", "57P03", "53300", "53100", "25006", "26000",
        "42P05"}) {  // the last two: a pooler changed the session behind our back
    const absl::Status status = StatusOfState(state);
    EXPECT_THAT(status, IsUndecided(absl::StatusCode::kUnavailable)) << state;
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("driver text"))) << state;
    EXPECT_TRUE(LosesConnection(WithState(state))) << state;
    EXPECT_FALSE(MayBeANeighboursDoing(state)) << state;
  }
  const pqxx::broken_connection broken(kDriverText);
  EXPECT_THAT(StatusOfException(broken, "x"), IsUndecided(absl::StatusCode::kUnavailable));
  EXPECT_TRUE(LosesConnection(broken));
}

TEST(SqlError, WaitingTooLongIsATimeOutAndKeepsTheConnection) {
  for (const char* state : {"57014", "55P03"}) {
    EXPECT_THAT(StatusOfState(state), IsUndecided(absl::StatusCode::kDeadlineExceeded)) << state;
    EXPECT_FALSE(LosesConnection(WithState(state))) << state;
  }
}

TEST(SqlError, AConflictMayBeTriedAgain) {
  EXPECT_THAT(StatusOfException(pqxx::serialization_failure("x"), "s"),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(StatusOfException(pqxx::deadlock_detected("x"), "s"),
              StatusIs(absl::StatusCode::kAborted));
  EXPECT_FALSE(LosesConnection(pqxx::deadlock_detected("x")));
  for (const char* state : {"40001", "40P01", "23505"}) {
    EXPECT_TRUE(MayBeANeighboursDoing(state)) << state;
  }
}

TEST(SqlError, AConflictIsToldWithoutTheDriversText) {
  const absl::Status status = StatusOfSqlState("40P01", kDriverText, "s");
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("driver text")));
}

// As kAborted it would be run again, and perhaps be done twice.
TEST(SqlError, ACommitInDoubtIsNotTriedAgain) {
  for (const absl::Status& status :
       {StatusOfException(pqxx::in_doubt_error("x"), "s"),
        StatusOfException(pqxx::statement_completion_unknown("x"), "s")}) {
    EXPECT_THAT(status, IsUndecided(absl::StatusCode::kDeadlineExceeded));
    EXPECT_THAT(std::string(status.message()), HasSubstr("idempotency-key"));
  }
  EXPECT_TRUE(LosesConnection(pqxx::in_doubt_error("x")));
}

TEST(SqlError, EverythingElseIsAFaultOfOursThatNamesItsStatement) {
  for (const char* state : {"23505", "23514", "42P01", "22P02", "XX000"}) {
    const absl::Status status = StatusOfState(state);
    EXPECT_THAT(status, IsUndecided(absl::StatusCode::kInternal)) << state;
    EXPECT_THAT(std::string(status.message()), HasSubstr("find_room")) << state;
    EXPECT_THAT(std::string(status.message()), HasSubstr(state));
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("SELECT secret"))) << state;
    EXPECT_THAT(rpc::OutcomeOf(status).grpc_status.error_message(), Not(HasSubstr("find_room")));
    EXPECT_FALSE(LosesConnection(WithState(state))) << state;
  }
  EXPECT_THAT(StatusOfException(std::runtime_error("x"), "s"),
              IsUndecided(absl::StatusCode::kInternal));
}

}  // namespace sql_error_test
}  // namespace usher::db
