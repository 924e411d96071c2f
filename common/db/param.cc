#include "common/db/param.h"

#include "absl/strings/escaping.h"
#include "common/db/json.h"

namespace usher::db {

Param::Param(absl::Time time)
    : text_(absl::FormatTime("%Y-%m-%dT%H:%M:%E6SZ", time, absl::UTCTimeZone())) {}

Param Param::Bytes(absl::string_view bytes) {
  return Param(absl::StrCat("\\x", absl::BytesToHexString(bytes)));
}

Param Param::Json(const std::map<std::string, std::string>& object) {
  return Param(ToJson(object));
}

Param Param::Array(const std::vector<std::string>& values) {
  // Every element quoted; inside quotes only '"' and '\' mean something (PostgreSQL
  // manual, 8.15.6).
  std::string literal = "{";
  for (const std::string& value : values) {
    absl::StrAppend(&literal, literal.size() > 1 ? "," : "", "\"");
    for (const char c : value) {
      if (c == '"' || c == '\\') literal.push_back('\\');
      literal.push_back(c);
    }
    literal.push_back('"');
  }
  literal.push_back('}');
  return Param(std::move(literal));
}

absl::StatusOr<std::vector<const char*>> ValuesOf(const std::vector<Param>& params,
                                                  absl::string_view statement) {
  std::vector<const char*> values;
  values.reserve(params.size());
  for (const Param& param : params) {
    const std::optional<std::string>& text = param.text();
    if (text.has_value() && text->find('\0') != std::string::npos) {
      return absl::InternalError(
          absl::StrCat(statement, ": parameter ", values.size() + 1, " holds a NUL"));
    }
    values.push_back(text.has_value() ? text->c_str() : nullptr);
  }
  return values;
}

}  // namespace usher::db
