#include "common/db/rows.h"

#include <pqxx/pqxx>
#include <stdexcept>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/db/json.h"

namespace usher::db {

Rows::Rows(pqxx::result result)
    : result_(std::move(result)),
      size_(std::get<pqxx::result>(result_).size()),
      columns_(static_cast<int>(std::get<pqxx::result>(result_).columns())) {}

Rows::Rows(std::shared_ptr<PGresult> result)
    : result_(std::move(result)),
      size_(static_cast<size_t>(PQntuples(std::get<1>(result_).get()))),
      columns_(PQnfields(std::get<1>(result_).get())) {}

size_t Rows::affected() const {
  if (const auto* own = std::get_if<std::shared_ptr<PGresult>>(&result_)) {
    size_t count = 0;  // PQcmdTuples is empty for statements that touch nothing
    return absl::SimpleAtoi(PQcmdTuples(own->get()), &count) ? count : 0;
  }
  return std::get<pqxx::result>(result_).affected_rows();
}

std::optional<absl::string_view> Rows::Value(size_t row, int column) const {
  if (row >= size_ || column >= columns_) {
    throw std::out_of_range(absl::StrCat("no column ", column, " in row ", row));
  }
  if (const auto* own = std::get_if<std::shared_ptr<PGresult>>(&result_)) {
    const int at = static_cast<int>(row);
    if (PQgetisnull(own->get(), at, column) == 1) return std::nullopt;
    return absl::string_view(PQgetvalue(own->get(), at, column),
                             static_cast<size_t>(PQgetlength(own->get(), at, column)));
  }
  const pqxx::field field =
      std::get<pqxx::result>(result_)[static_cast<pqxx::result::size_type>(row)]
                                     [static_cast<pqxx::row::size_type>(column)];
  if (field.is_null()) return std::nullopt;
  return absl::string_view(field.c_str(), field.size());
}

int64_t Row::Int(int column) const {
  const absl::string_view text = View(column);
  int64_t value = 0;
  if (!text.empty() && !absl::SimpleAtoi(text, &value)) {
    throw std::invalid_argument(absl::StrCat("column ", column, " is no integer"));
  }
  return value;
}

std::string Row::Bytes(int column) const {
  absl::string_view text = View(column);
  // bytea_output = hex, the default (PostgreSQL manual, 8.4.1).
  if (!absl::ConsumePrefix(&text, "\\x")) return std::string(text);
  return absl::HexStringToBytes(text);
}

std::map<std::string, std::string> Row::Json(int column) const { return FromJson(View(column)); }

}  // namespace usher::db
