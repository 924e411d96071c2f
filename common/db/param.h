// A value for a `$n` of a statement.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/id.h"

namespace usher::db {

// Travels as text (libpqxx 6 sends no binary parameters); nothing in it is ever pasted into SQL.
class Param {
 public:
  Param(std::nullopt_t) {}                                             // NOLINT: meant to convert
  Param(std::string text) : text_(std::move(text)) {}                  // NOLINT
  Param(absl::string_view text) : text_(std::string(text)) {}          // NOLINT
  Param(const char* text) : text_(std::string(text)) {}                // NOLINT
  Param(bool value) : text_(std::string(value ? "true" : "false")) {}  // NOLINT
  Param(int32_t value) : text_(absl::StrCat(value)) {}                 // NOLINT
  Param(uint32_t value) : text_(absl::StrCat(value)) {}                // NOLINT
  Param(int64_t value) : text_(absl::StrCat(value)) {}                 // NOLINT
  Param(uint64_t value) : text_(absl::StrCat(value)) {}                // NOLINT
  // A timestamptz, to the microsecond.
  Param(absl::Time time);  // NOLINT
  // An empty Id is NULL.
  template <class Tag>
  Param(const Id<Tag>& id) {  // NOLINT
    if (!id.empty()) text_ = id.value();
  }
  template <class T>
  Param(const std::optional<T>& value) {  // NOLINT
    if (value.has_value()) text_ = Param(*value).text_;
  }

  // A bytea.
  static Param Bytes(absl::string_view bytes);
  // A jsonb object of strings.
  static Param Json(const std::map<std::string, std::string>& object);
  // text[], uuid[] or an array of integers; cast it in the statement: `$2::uuid[]`.
  static Param Array(const std::vector<std::string>& values);
  template <class Tag>
  static Param Array(const std::vector<Id<Tag>>& ids) {
    std::vector<std::string> values;
    values.reserve(ids.size());
    for (const Id<Tag>& id : ids) values.push_back(id.value());
    return Array(values);
  }

  const std::optional<std::string>& text() const { return text_; }

 private:
  std::optional<std::string> text_;  // nothing: NULL
};

// As libpq takes them: null for NULL; as long as `params` live. kInternal when one holds a NUL,
// which would cut it there: no text may have one, and who lets one in has a fault.
absl::StatusOr<std::vector<const char*>> ValuesOf(const std::vector<Param>& params,
                                                  absl::string_view statement);

}  // namespace usher::db
