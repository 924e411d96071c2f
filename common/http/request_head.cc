#include "common/http/request_head.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"

namespace usher::http {

absl::string_view RequestHead::Path() const {
  absl::string_view path = target_;
  // A proxy's form, which every server has to take (RFC 9112, 3.2.2).
  if (absl::StartsWithIgnoreCase(path, "http://") || absl::StartsWithIgnoreCase(path, "https://")) {
    path.remove_prefix(path.find("//") + 2);
    path.remove_prefix(std::min(path.find('/'), path.size()));
  }
  return path.substr(0, path.find('?'));
}

template <class See>
void RequestHead::ForEach(absl::string_view name, See see) const {
  absl::string_view rest = fields_;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find("\r\n"), rest.size());
    const absl::string_view line = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 2, rest.size()));
    if (line.size() <= name.size() || line[name.size()] != ':' ||
        !absl::StartsWithIgnoreCase(line, name)) {
      continue;
    }
    if (!see(absl::StripAsciiWhitespace(line.substr(name.size() + 1)))) return;
  }
}

std::optional<absl::string_view> RequestHead::Find(absl::string_view name) const {
  std::optional<absl::string_view> found;
  ForEach(name, [&](absl::string_view value) {
    found = value;
    return false;
  });
  return found;
}

std::string RequestHead::Join(absl::string_view name) const {
  std::string all;
  bool first = true;
  ForEach(name, [&](absl::string_view value) {
    if (!first) all.push_back(',');
    first = false;
    all.append(value.data(), value.size());
    return true;
  });
  return all;
}

int RequestHead::Count(absl::string_view name) const {
  int count = 0;
  ForEach(name, [&](absl::string_view) {
    ++count;
    return true;
  });
  return count;
}

bool RequestHead::HasToken(absl::string_view name, absl::string_view token) const {
  bool found = false;
  ForEach(name, [&](absl::string_view value) {
    for (const absl::string_view each : absl::StrSplit(value, ',')) {
      found |= absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(each), token);
    }
    return !found;
  });
  return found;
}

bool RequestHead::KeepsAlive() const { return version_ >= 11 && !HasToken("connection", "close"); }

}  // namespace usher::http
