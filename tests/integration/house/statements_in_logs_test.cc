// G7: of a statement that fails its name is logged, and neither its text nor its row.
#include <gmock/gmock.h>

#include <string>

#include "tests/integration/house/secrets_in_logs.h"

namespace usher {
namespace statements_in_logs_test {

using ::testing::HasSubstr;
using ::testing::Not;

using StatementsInLogsTest = SecretsInLogs;

TEST_F(StatementsInLogsTest, AStatementThatFailsIsLoggedWithoutItsTextAndWithoutTheRow) {
  ScratchDatabase& database = house_.database("auth");
  database.Run(
      "ALTER TABLE methods ADD CONSTRAINT test_refuses CHECK (principal <> 'faulty') "
      "NOT VALID");
  grpc::Status status;
  CreateMethod(Password("faulty", NewSecret("a password that cannot be kept")), &status);
  database.Run("ALTER TABLE methods DROP CONSTRAINT test_refuses");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("methods")));

  const std::string log = LogOf("auth");
  EXPECT_THAT(log, HasSubstr("insert_method"));  // which one it was is there
  EXPECT_EQ(search_.FindIn(log), "");
  EXPECT_THAT(log, Not(HasSubstr("Failing row")));  // name, e-mail address, sealed secret
  ExpectNoSql("auth", log);
}

TEST_F(StatementsInLogsTest, ATableThatIsMissingIsLoggedWithoutTheTextOfTheStatement) {
  house_.Restart("business-logic");  // has not prepared it yet: only then its text is complained of
  ScratchDatabase& database = house_.database("business-logic");
  database.Run("ALTER TABLE favorites RENAME TO test_favorites");
  grpc::Status status;
  Call(house_.business_logic(), &::businessLogicService::BusinessLogicService::Stub::favoritesList,
       AsAdmin<::businessLogicService::FavoritesListRequest>(), &status);
  database.Run("ALTER TABLE test_favorites RENAME TO favorites");
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INTERNAL);
  EXPECT_THAT(status.error_message(), Not(HasSubstr("favorites")));
  const std::string log = LogOf("business-logic");
  EXPECT_THAT(log, HasSubstr("list_favorites"));
  ExpectNoSql("business-logic", log);
}

}  // namespace statements_in_logs_test
}  // namespace usher
