#include "common/db/rows.h"

#include "absl/strings/escaping.h"
#include "absl/strings/strip.h"
#include "common/db/json.h"

namespace usher::db {

std::string Row::Bytes(int column) const {
  absl::string_view text = View(column);
  // bytea_output = hex, the default (PostgreSQL manual, 8.4.1).
  if (!absl::ConsumePrefix(&text, "\\x")) return std::string(text);
  return absl::HexStringToBytes(text);
}

std::map<std::string, std::string> Row::Json(int column) const { return FromJson(View(column)); }

}  // namespace usher::db
