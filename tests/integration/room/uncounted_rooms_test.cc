// How many rooms PostgreSQL goes through for a page where it has not counted them: it expects of a
// company a few then (common/db/statement.h).
#include <gtest/gtest.h>

#include <pqxx/pqxx>
#include <string>

#include "absl/strings/str_cat.h"
#include "services/room/migrations.h"
#include "services/room/room_list_sql.h"
#include "services/room/room_order_sql.h"
#include "services/room/room_sql.h"
#include "tests/support/plan_rows.h"
#include "tests/support/scratch_database.h"

namespace usher::room {
namespace uncounted_rooms_test {

// 200 companies of 25 rooms each; two entries of a room.
constexpr char kSeed[] = R"sql(
  INSERT INTO rooms (company_id, room_id, display_name, default_rights)
  SELECT 'company-' || n % 200, gen_random_uuid(), 'Room ' || n, CASE WHEN n % 10 = 0 THEN 32 END
  FROM generate_series(1, 5000) AS n;

  INSERT INTO room_rights (company_id, room_id, user_id, rights)
  SELECT r.company_id, r.room_id, gen_random_uuid(), 32
  FROM rooms r CROSS JOIN generate_series(0, 1);
)sql";

// A company of 6,000 rooms, half of them open to everybody, some by an entry as well.
constexpr char kGrowth[] = R"sql(
  INSERT INTO rooms (company_id, room_id, display_name, default_rights)
  SELECT 'grown', gen_random_uuid(), 'Room ' || n, CASE WHEN n % 2 = 0 THEN 32 END
  FROM generate_series(1, 6000) AS n;

  INSERT INTO room_rights (company_id, room_id, user_id, rights)
  SELECT company_id, room_id, '01900000-0000-7000-9000-00000000000a', 32
  FROM rooms WHERE company_id = 'grown' AND display_name LIKE '%4';
)sql";

class UncountedRoomsTest : public ::testing::Test {
 protected:
  UncountedRoomsTest() : connection_(database_.url()) {}

  void Do(const std::string& sql) { pqxx::nontransaction(connection_).exec(sql); }
  int64_t RowsOf(const db::Statement& statement, const std::string& values) {
    return MostRows(connection_, statement, values);
  }
  void ExpectThatListsEndWithTheirPage() {
    // Viewer, administers all, has defaults, parts, limit, offset, share.
    const auto values = [](const char* all, const char* has_defaults) {
      return absl::StrCat("'grown', '01900000-0000-7000-9000-00000000000a', ", all, ", ",
                          has_defaults, ", 15, 100, 0, 8192");
    };
    EXPECT_LE(RowsOf(sql::kListAllRooms, values("true", "true")), 200);
    EXPECT_LE(RowsOf(sql::kListAllRooms, values("false", "true")), 200);
    EXPECT_LE(RowsOf(sql::kListOpenRooms, values("false", "true")), 200);
    EXPECT_LE(RowsOf(sql::kListOpenRooms, values("false", "false")), 200);
  }

  ScratchDatabase database_{Migrations()};
  pqxx::connection connection_;
};

TEST_F(UncountedRoomsTest, AListEndsWithItsPageInTablesThatWereNeverAnalyzed) {
  Do(kSeed);
  Do(kGrowth);
  ExpectThatListsEndWithTheirPage();
}

TEST_F(UncountedRoomsTest, AListEndsWithItsPageInACompanyThatHasGrownSince) {
  Do(kSeed);
  Do("ANALYZE");
  Do(kGrowth);
  ExpectThatListsEndWithTheirPage();
}

TEST_F(UncountedRoomsTest, SiblingsAreReadUpToTheLimitInACompanyThatHasGrownSince) {
  Do(kSeed);
  Do("ANALYZE");
  Do(kGrowth);
  EXPECT_LE(RowsOf(sql::kListSiblings, "'grown', NULL, gen_random_uuid(), 1000"), 1000);
}

// Where it has counted them: for as many as it foresees it would read all that the user has.
TEST_F(UncountedRoomsTest, RoomsOfAUserAreLockedWithoutLookingAtOthers) {
  Do(kSeed);
  Do(kGrowth);
  Do("ANALYZE");
  EXPECT_LE(RowsOf(sql::kLockRoomsOf, "'grown', '01900000-0000-7000-9000-00000000000a', 50"), 50);
}

// Else the tests above would find nothing.
TEST_F(UncountedRoomsTest, AListThatDoesNotEndWithItsPageIsSeen) {
  Do(kGrowth);
  const db::Statement through{"through",
                              "SELECT room_id FROM rooms WHERE company_id = $1 "
                              "ORDER BY display_name LIMIT $2::bigint"};
  EXPECT_EQ(RowsOf(through, "'grown', 100"), 6000);
  const db::Statement past{"past",
                           "SELECT room_id FROM rooms WHERE company_id = $1 "
                           "AND display_name = $2"};
  EXPECT_EQ(RowsOf(past, "'grown', 'Room 1'"), 6000);
}

}  // namespace uncounted_rooms_test
}  // namespace usher::room
