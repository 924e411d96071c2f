// What a statement answered.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <pqxx/result>
#include <string>
#include <variant>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace usher::db {

class Row;

// From libpqxx or from libpq itself. Copies share what was answered.
class Rows {
 public:
  explicit Rows(pqxx::result result);
  explicit Rows(std::shared_ptr<PGresult> result);

  size_t size() const { return size_; }
  bool empty() const { return size() == 0; }
  // For statements that change: how many rows they touched.
  size_t affected() const;
  Row operator[](size_t index) const;

 private:
  friend class Row;
  std::optional<absl::string_view> Value(size_t row, int column) const;

  std::variant<pqxx::result, std::shared_ptr<PGresult>> result_;
  size_t size_;
  int columns_;
};

// One row; columns by their place in the statement's list, from 0. A value of another type than
// asked for throws, and ends in Execute or InTransaction as an internal error. Valid as long as its
// Rows; so are views into it.
class Row {
 public:
  Row(const Rows& rows, size_t index) : rows_(&rows), index_(index) {}

  bool IsNull(int column) const { return !rows_->Value(index_, column).has_value(); }
  // NULL reads as empty, 0, false.
  std::string Text(int column) const { return std::string(View(column)); }
  absl::string_view View(int column) const { return rows_->Value(index_, column).value_or(""); }
  int64_t Int(int column) const;
  bool Bool(int column) const { return View(column) == "t"; }
  std::string Bytes(int column) const;
  std::map<std::string, std::string> Json(int column) const;
  // A column that the statement gave as microseconds since 1970:
  // `(extract(epoch FROM t) * 1000000)::bigint`.
  absl::Time Micros(int column) const { return absl::FromUnixMicros(Int(column)); }

 private:
  const Rows* rows_;
  size_t index_;
};

inline Row Rows::operator[](size_t index) const { return Row(*this, index); }

}  // namespace usher::db
