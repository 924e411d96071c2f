// What news is about. Pure.
#pragma once

#include <string>
#include <tuple>

#include "common/base/id.h"

namespace usher::room {

// Something of a company about which there may be news: a room's chat, an engine's commands.
struct Topic {
  CompanyId company;
  std::string name;  // an ID, of whatever the feed is about

  friend bool operator==(const Topic&, const Topic&) = default;
  friend bool operator<(const Topic& a, const Topic& b) {
    return std::tie(a.company, a.name) < std::tie(b.company, b.name);
  }
};

}  // namespace usher::room
