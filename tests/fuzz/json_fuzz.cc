// jsonb as the database gives it back.
#include <list>
#include <map>
#include <string>

#include "common/db/json.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace usher;
  const absl::string_view json = fuzz::Text(data, size);
  std::list<std::string> unescaped;
  std::map<std::string, std::string> seen;
  const bool read =
      db::WalkJson(json, &unescaped, [&](absl::string_view key, absl::string_view value) {
        seen.insert_or_assign(std::string(key), std::string(value));
      });
  const std::map<std::string, std::string> object = db::FromJson(json);
  fuzz::Require(object == (read ? seen : std::map<std::string, std::string>()),
                "both readers see the same");
  fuzz::Require(db::FromJson(db::ToJson(object)) == object, "what was written can be read");
  return 0;
}
