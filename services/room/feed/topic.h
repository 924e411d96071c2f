// What news is about. Pure.
#pragma once

#include <set>
#include <string>
#include <tuple>
#include <vector>

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

// All of them in their order, those behind `last` first: where it failed there, each of the others
// has its turn before it is tried again.
inline std::vector<Topic> InTurn(const std::set<Topic>& topics, const Topic& last) {
  const auto next = topics.upper_bound(last);
  std::vector<Topic> all(next, topics.end());
  all.insert(all.end(), topics.begin(), next);
  return all;
}

}  // namespace usher::room
