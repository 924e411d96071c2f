#include "common/db/rows.h"

#include <gtest/gtest.h>

#include "common/db/batch.h"
#include "common/db/transaction.h"
#include "tests/support/a_caller.h"
#include "tests/support/scratch_database.h"
#include "tests/support/status_matchers.h"

namespace usher::db {
namespace rows_test {

using std::literals::string_literals::operator""s;

constexpr Statement kEcho{"echo", R"sql(
  SELECT $1::text, $2::bigint, $3::boolean, $4::bytea, $5::jsonb, $6::uuid,
    (extract(epoch FROM $7::timestamptz) * 1000000)::bigint
)sql"};
constexpr Statement kUnnest{
    "unnest", "SELECT t.e FROM unnest($1::text[]) WITH ORDINALITY t(e, n) ORDER BY n"};

// From libpqxx, or in a batch, from libpq.
class RowsTest : public ::testing::TestWithParam<bool> {
 protected:
  static void SetUpTestSuite() { database_ = new ScratchDatabase(); }
  static void TearDownTestSuite() { delete database_; }

  absl::StatusOr<Rows> Ask(const Statement& statement, const std::vector<Param>& params) {
    if (!GetParam()) return Execute(ACall(), database_->pool(), statement, params);
    absl::StatusOr<Rows> answer = absl::InternalError("did not run");
    Batch batch(database_->pool().options());
    batch.Run({[&] { answer = Execute(ACall(), database_->pool(), statement, params); }});
    return answer;
  }

  static ScratchDatabase* database_;
};

ScratchDatabase* RowsTest::database_ = nullptr;

INSTANTIATE_TEST_SUITE_P(Both, RowsTest, ::testing::Bool(),
                         [](const auto& of) { return of.param ? "InABatch" : "FromThePool"; });

TEST_P(RowsTest, EveryTypeComesBackAsItWas) {
  const absl::Time time = absl::FromUnixMicros(1893456000123456);
  const std::map<std::string, std::string> json = {
      {"a\"b\\", "c\nd\x01"}, {"Zo\u00eb", "\U0001f600"}, {"empty", ""}};
  const std::string bytes = "\x00\xff\\'\x01"s;
  const auto rows = Ask(kEcho, {"Zo\u00eb 'x'", INT64_MIN, true, Param::Bytes(bytes),
                                Param::Json(json), UserId(kCallerId), time});
  ASSERT_OK(rows);
  const Row row = (*rows)[0];
  EXPECT_EQ(row.Text(0), "Zo\u00eb 'x'");
  EXPECT_EQ(row.Int(1), INT64_MIN);
  EXPECT_TRUE(row.Bool(2));
  EXPECT_EQ(row.Bytes(3), bytes);
  EXPECT_EQ(row.Json(4), json);
  EXPECT_EQ(row.Text(5), kCallerId);
  EXPECT_EQ(row.Micros(6), time);
}

TEST_P(RowsTest, NullReadsAsNothing) {
  const auto rows = Ask(kEcho, {std::nullopt, std::nullopt, std::nullopt, std::nullopt,
                                std::nullopt, UserId(), std::nullopt});
  ASSERT_OK(rows);
  const Row row = (*rows)[0];
  for (int column = 0; column < 7; ++column) EXPECT_TRUE(row.IsNull(column)) << column;
  EXPECT_EQ(row.Text(0), "");
  EXPECT_EQ(row.Int(1), 0);
  EXPECT_FALSE(row.Bool(2));
  EXPECT_EQ(row.Bytes(3), "");
  EXPECT_TRUE(row.Json(4).empty());
}

TEST_P(RowsTest, ArraysComeBackElementByElement) {
  const std::vector<std::string> values = {"",   "NULL", "a,b", "{}",   "\"",
                                           "\\", "\\\"", " x ", "a\nb", "\u00e9"};
  const auto rows = Ask(kUnnest, {Param::Array(values)});
  ASSERT_OK(rows);
  ASSERT_EQ(rows->size(), values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    EXPECT_FALSE((*rows)[i].IsNull(0));
    EXPECT_EQ((*rows)[i].Text(0), values[i]);
  }
  const auto none = Ask(kUnnest, {Param::Array({})});
  ASSERT_OK(none);
  EXPECT_TRUE(none->empty());
}

TEST_P(RowsTest, AWrongParameterIsAFaultOfOurs) {
  EXPECT_THAT(Ask(kUnnest, {"no array"}), IsUndecided(absl::StatusCode::kInternal));
}

}  // namespace rows_test
}  // namespace usher::db
