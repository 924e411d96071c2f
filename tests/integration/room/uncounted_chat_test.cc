// How many messages PostgreSQL goes through for a page of chat where it has not counted those of
// the room (common/db/statement.h).
#include <gtest/gtest.h>

#include <pqxx/pqxx>
#include <string>

#include "absl/strings/str_replace.h"
#include "services/room/chat/chat_sql.h"
#include "services/room/migrations.h"
#include "tests/support/plan_rows.h"
#include "tests/support/scratch_database.h"

namespace usher::room {
namespace uncounted_chat_test {

// 50 messages in each of 400 rooms of ten companies.
constexpr char kSeed[] = R"sql(
  INSERT INTO chat_messages (company_id, room_id, position, message_id, sender, sent_at, sub_room_id,
                             broadcast, body, language, source_language)
  SELECT 'company-' || n % 10,
         ('01900000-0000-7000-8000-' || lpad(to_hex(n % 400), 12, '0'))::uuid, n,
         gen_random_uuid(), gen_random_uuid(), '2026-01-01'::timestamptz + n * interval '1 minute',
         CASE WHEN n / 400 % 3 = 0 THEN 'a' ELSE '' END, n / 400 % 5 = 0, repeat('x', 100), '', ''
  FROM generate_series(1, 20000) AS n;
)sql";

// 10,000 more in one of them.
constexpr char kGrowth[] = R"sql(
  INSERT INTO chat_messages (company_id, room_id, position, message_id, sender, sent_at, sub_room_id,
                             broadcast, body, language, source_language)
  SELECT 'company-1', '01900000-0000-7000-8000-000000000001', 1000000 + n, gen_random_uuid(),
         gen_random_uuid(), '2026-02-01'::timestamptz + n * interval '1 minute',
         CASE WHEN n % 3 = 0 THEN 'a' ELSE '' END, n % 5 = 0, repeat('x', 100), '', ''
  FROM generate_series(1, 10000) AS n;
)sql";

// Company, room, from, until, before, newest, limit, bytes.
constexpr char kPage[] =
    "'company-1', '01900000-0000-7000-8000-000000000001', '2020-01-01', '2030-01-01', 2000000, "
    "2000000, 101, 4000000";

class UncountedChatTest : public ::testing::Test {
 protected:
  UncountedChatTest() : connection_(database_.url()) {}

  void Do(const std::string& sql) { pqxx::nontransaction(connection_).exec(sql); }
  void ExpectThatPagesEnd() {
    EXPECT_LE(MostRows(connection_, sql::kListChat, kPage), 101);
    EXPECT_LE(MostRows(connection_, sql::kListChatOfSubRoom, std::string(kPage) + ", 'a'"), 500);
    EXPECT_LE(
        MostRows(connection_, sql::kReadNews,
                 "'company-1', '{01900000-0000-7000-8000-000000000001}', '{1}', 101, 4000000"),
        101);
  }

  ScratchDatabase database_{Migrations()};
  pqxx::connection connection_;
};

TEST_F(UncountedChatTest, APageEndsInATableThatWasNeverAnalyzed) {
  Do(kSeed);
  Do(kGrowth);
  ExpectThatPagesEnd();
}

TEST_F(UncountedChatTest, APageEndsInARoomThatHasGrownSince) {
  Do(kSeed);
  Do("ANALYZE");
  Do(kGrowth);
  ExpectThatPagesEnd();
}

// Of a company that is not in the statistics at all, it takes whatever index begins with it for the
// best as long as it plans for its ID.
TEST_F(UncountedChatTest, ASessionEndsUpWithPlansThatReadAPageOfACompanyThatIsNew) {
  Do(kSeed);
  Do("ANALYZE");
  Do(absl::StrReplaceAll(kGrowth, {{"company-1", "new"}, {"10000)", "5000)"}}));
  const std::string room = "'new', '01900000-0000-7000-8000-000000000001'";
  EXPECT_LE(RowsInTheEnd(connection_, sql::kListChat,
                         room + ", '2020-01-01', '2030-01-01', 2000000, 2000000, 20, 4000000"),
            20);
  EXPECT_LE(RowsInTheEnd(connection_, sql::kReadNews,
                         "'new', '{01900000-0000-7000-8000-000000000001}', '{1}', 20, 4000000"),
            20);
}

}  // namespace uncounted_chat_test
}  // namespace usher::room
