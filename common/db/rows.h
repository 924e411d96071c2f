// What a statement answered.
#pragma once

#include <cstdint>
#include <map>
#include <pqxx/pqxx>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace usher::db {

// One row; columns by their place in the statement's list, from 0. A value of another type than
// asked for throws, and ends in Read or InTransaction as an internal error. Valid as long as its
// Rows.
class Row {
 public:
  explicit Row(pqxx::row row) : row_(std::move(row)) {}

  bool IsNull(int column) const { return row_[column].is_null(); }
  // NULL reads as empty, 0, false.
  std::string Text(int column) const { return std::string(View(column)); }
  absl::string_view View(int column) const {
    const pqxx::field field = row_[column];
    return absl::string_view(field.c_str(), field.size());
  }
  int64_t Int(int column) const { return IsNull(column) ? 0 : row_[column].as<int64_t>(); }
  bool Bool(int column) const { return View(column) == "t"; }
  std::string Bytes(int column) const;
  std::map<std::string, std::string> Json(int column) const;
  // A column that the statement gave as microseconds since 1970:
  // `(extract(epoch FROM t) * 1000000)::bigint`.
  absl::Time Micros(int column) const { return absl::FromUnixMicros(Int(column)); }

 private:
  pqxx::row row_;
};

class Rows {
 public:
  explicit Rows(pqxx::result result) : result_(std::move(result)) {}

  size_t size() const { return result_.size(); }
  bool empty() const { return result_.empty(); }
  // For statements that change: how many rows they touched.
  size_t affected() const { return result_.affected_rows(); }
  Row operator[](size_t index) const {
    return Row(result_[static_cast<pqxx::result::size_type>(index)]);
  }

 private:
  pqxx::result result_;
};

}  // namespace usher::db
