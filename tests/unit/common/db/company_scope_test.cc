#include "tests/support/company_scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace usher {
namespace company_scope_test {

using ::testing::HasSubstr;

std::string Wrong(absl::string_view sql) { return WrongCompanyScope(sql, {"rooms", "users"}); }

TEST(CompanyScope, PassesWhatStaysWithinOneCompany) {
  for (const char* sql : {
           "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))",
           "SELECT 1 FROM rooms WHERE company_id = $1",
           "SELECT 1 FROM rooms r WHERE r.company_id = ANY ($1::text[])",
           "SELECT 1 FROM rooms r JOIN users u ON u.company_id = r.company_id "
           "WHERE r.company_id = $1",
           "INSERT INTO rooms (company_id, room_id) VALUES ($1, $2)",
           "UPDATE rooms SET parent_id = $3 WHERE company_id = $1",
           "DELETE FROM rooms r USING users u WHERE r.company_id = $1 AND u.company_id = $1",
       }) {
    EXPECT_EQ(Wrong(sql), "") << sql;
  }
}

TEST(CompanyScope, FindsATableWithoutItsCompany) {
  for (const char* sql : {
           "SELECT 1 FROM rooms WHERE room_id = $1",
           "SELECT 1 FROM rooms r JOIN users u ON u.user_id = r.owner WHERE r.company_id = $1",
           "SELECT 1 FROM rooms r, users u WHERE r.company_id = $1",
           "SELECT 1 FROM rooms r WHERE r.company_id = $1 AND EXISTS (SELECT 1 FROM users x)",
           "INSERT INTO rooms (room_id) VALUES ($1)",
           "DELETE FROM rooms",
           "DELETE FROM rooms -- of company_id = $1",
           "SELECT 'company_id' FROM rooms",
       }) {
    EXPECT_THAT(Wrong(sql), HasSubstr("without its company_id")) << sql;
  }
}

TEST(CompanyScope, FindsACompanyThatNobodyNamed) {
  for (const char* sql : {
           "SELECT company_id FROM rooms",
           "SELECT company_id FROM rooms WHERE company_id >= $1",
           "DELETE FROM rooms r USING users u WHERE r.company_id = u.company_id",
       }) {
    EXPECT_EQ(Wrong(sql), "is bound to no company") << sql;
  }
}

}  // namespace company_scope_test
}  // namespace usher
