// How PostgreSQL executes the statements of the room service where there are many rooms: by
// indexes. docs/room-plans.md shows the plans; USHER_WRITE_PLANS=FILE writes that page anew.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <pqxx/pqxx>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "services/room/migrations.h"
#include "services/room/room_list_sql.h"
#include "services/room/room_order_sql.h"
#include "services/room/room_sql.h"
#include "services/room/tenant_sql.h"
#include "tests/support/folders.h"
#include "tests/support/scratch_database.h"

namespace usher::room {
namespace statement_plans_test {

// One large company among a hundred; one room with 10,000 entries.
constexpr char kSeed[] = R"sql(
  INSERT INTO rooms (company_id, room_id, display_name, default_rights, entry_count, sub_room_count)
  SELECT CASE WHEN n <= 10000 THEN 'acme' ELSE 'company-' || n % 100 END,
         ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 'Room ' || n,
         CASE WHEN n % 10 = 0 THEN 32 END, 2, 1
  FROM generate_series(1, 15000) AS n;

  UPDATE rooms SET parent_id = '01900000-0000-7000-8000-000000000001'
  WHERE company_id = 'acme' AND room_id > '01900000-0000-7000-8000-000000000001'
    AND entry_count % 2 = 0 AND display_name LIKE '%7';

  INSERT INTO room_rights (company_id, room_id, user_id, rights)
  SELECT r.company_id, r.room_id,
         ('01900000-0000-7000-9000-' || lpad(to_hex((row_number() OVER ()) % 500 * 2 + u), 12, '0'))::uuid,
         32
  FROM rooms r CROSS JOIN generate_series(0, 1) AS u;

  INSERT INTO room_rights (company_id, room_id, user_id, rights)
  SELECT 'acme', '01900000-0000-7000-8000-000000000001',
         ('01900000-0000-7000-9001-' || lpad(to_hex(n), 12, '0'))::uuid, 32
  FROM generate_series(1, 10000) AS n;

  INSERT INTO sub_rooms (company_id, room_id, sub_room_id, display_name)
  SELECT company_id, room_id, 'a', 'Group' FROM rooms;
)sql";

class StatementPlansTest : public ::testing::Test {
 protected:
  StatementPlansTest() : connection_(database_.url()) {
    pqxx::nontransaction work(connection_);
    work.exec(kSeed);
    work.exec("ANALYZE");
    // As a server executes them once it has done so a few times.
    work.exec("SET plan_cache_mode = force_generic_plan");
  }

  // Its nodes, without what they are done for.
  std::vector<std::string> PlanOf(const db::Statement& statement) {
    pqxx::nontransaction work(connection_);
    work.exec(absl::StrCat("PREPARE ", statement.name, " AS ", statement.sql));
    const int parameters =
        work.exec1(absl::StrCat("SELECT cardinality(parameter_types) FROM "
                                "pg_prepared_statements WHERE name = '",
                                statement.name, "'"))[0]
            .as<int>();
    const std::vector<std::string> none(parameters, "NULL");
    std::vector<std::string> lines;
    for (const auto& row : work.exec(absl::StrCat("EXPLAIN (COSTS OFF) EXECUTE ", statement.name,
                                                  "(", absl::StrJoin(none, ", "), ")"))) {
      const std::string line = row[0].as<std::string>();
      const absl::string_view text = absl::StripLeadingAsciiWhitespace(line);
      const bool node = lines.empty() || absl::StartsWith(text, "->") ||
                        absl::StartsWith(text, "SubPlan") || absl::StartsWith(text, "InitPlan") ||
                        absl::StartsWith(text, "CTE ");
      if (node) lines.push_back(line);
    }
    return lines;
  }

  static std::vector<const db::Statement*> All() {
    std::vector<const db::Statement*> all(std::begin(sql::kAllOfRooms), std::end(sql::kAllOfRooms));
    all.insert(all.end(), std::begin(sql::kAllOfRoomLists), std::end(sql::kAllOfRoomLists));
    all.insert(all.end(), std::begin(sql::kAllOfRoomOrder), std::end(sql::kAllOfRoomOrder));
    all.insert(all.end(), std::begin(sql::kAllOfTenants), std::end(sql::kAllOfTenants));
    return all;
  }

  ScratchDatabase database_{Migrations()};
  pqxx::connection connection_;
};

bool LooksThroughATable(const std::string& line) {
  for (const char* table : {"rooms", "room_rights", "sub_rooms"}) {
    if (absl::StrContains(line, absl::StrCat("Seq Scan on ", table))) return true;
  }
  return false;
}

TEST_F(StatementPlansTest, EveryStatementFindsItsRowsByAnIndex) {
  std::string page =
      "# How the room service's statements are executed\n\n"
      "Made by `tests/integration/room/statement_plans_test.cc` "
      "(`USHER_WRITE_PLANS=docs/room-plans.md`): "
      "`EXPLAIN (COSTS OFF)` of the generic plan of each, without conditions,\n"
      "where one company of a hundred has 10,000 of 15,000 rooms, and one room 10,000 entries. The "
      "test fails when one of them looks through a table, and where this page lacks one.\n";
  std::ifstream file(SourceFolder() + "/docs/room-plans.md");
  std::stringstream shown;
  shown << file.rdbuf();
  for (const db::Statement* statement : All()) {
    const std::vector<std::string> plan = PlanOf(*statement);
    for (const std::string& line : plan) {
      EXPECT_FALSE(LooksThroughATable(line)) << statement->name << ":\n"
                                             << absl::StrJoin(plan, "\n");
    }
    const std::string heading = absl::StrCat("\n## ", statement->name, "\n");
    EXPECT_TRUE(absl::StrContains(shown.str(), heading))
        << "docs/room-plans.md lacks " << statement->name;
    absl::StrAppend(&page, heading, "\n    ", absl::StrJoin(plan, "\n    "), "\n");
  }
  if (const char* path = std::getenv("USHER_WRITE_PLANS")) std::ofstream(path) << page;
}

// Else the test above would find nothing.
TEST_F(StatementPlansTest, ALookThroughATableIsSeen) {
  const db::Statement through{"through", "SELECT room_id FROM rooms WHERE display_name = $1"};
  const std::vector<std::string> plan = PlanOf(through);
  EXPECT_TRUE(std::any_of(plan.begin(), plan.end(), LooksThroughATable))
      << absl::StrJoin(plan, "\n");
}

}  // namespace statement_plans_test
}  // namespace usher::room
