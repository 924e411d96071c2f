#include "common/db/conninfo.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"

namespace usher::db {
namespace {

using Values = std::map<std::string, std::string>;
using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

struct Default {
  const char* parameter;
  const char* value;
};
constexpr Default kDefaults[] = {{"connect_timeout", "2"},      // seconds
                                 {"tcp_user_timeout", "5000"},  // milliseconds
                                 {"keepalives_idle", "15"},     // seconds, as the next
                                 {"keepalives_interval", "5"},
                                 {"keepalives_count", "3"}};

constexpr char kSessionAttributes[] = "target_session_attrs";

Values Read(const PQconninfoOption* options) {
  Values values;
  for (; options != nullptr && options->keyword != nullptr; ++options) {
    if (options->val != nullptr && *options->val != '\0') {
      values[options->keyword] = options->val;
    }
  }
  return values;
}

std::string Take(Values* values, const char* parameter) {
  const auto found = values->find(parameter);
  return found == values->end() ? "" : std::move(values->extract(found).mapped());
}

std::vector<std::string> Split(const std::string& list) {
  return list.empty() ? std::vector<std::string>() : absl::StrSplit(list, ',');
}

// The parameters are lists of equal length, or absent; a single port is that of all hosts. What
// does not fit stays together, so that libpq says what is wrong with it.
std::vector<Host> SplitHosts(const Host& all) {
  const std::vector<std::string> hosts = Split(all.host);
  const std::vector<std::string> addresses = Split(all.hostaddr);
  const std::vector<std::string> ports = Split(all.port);
  const size_t count = std::max(hosts.size(), addresses.size());
  const auto fits = [count](const std::vector<std::string>& list) {
    return list.empty() || list.size() == count;
  };
  if (count < 2 || !fits(hosts) || !fits(addresses) || !(fits(ports) || ports.size() == 1)) {
    return {all};
  }
  std::vector<Host> split;
  for (size_t i = 0; i < count; ++i) {
    split.push_back({hosts.empty() ? "" : hosts[i], addresses.empty() ? "" : addresses[i],
                     ports.size() == count ? ports[i] : all.port});
  }
  return split;
}

}  // namespace

absl::StatusOr<ConnInfo> ConnInfo::Parse(const std::string& url) {
  char* error = nullptr;
  const Options parsed(PQconninfoParse(url.c_str(), &error), PQconninfoFree);
  PQfreemem(error);  // may quote the URL
  if (parsed == nullptr) {
    return absl::InvalidArgumentError("--database is no connection string or URI of libpq");
  }
  ConnInfo info;
  info.values_ = Read(parsed.get());
  const Options surroundings(PQconndefaults(), PQconninfoFree);
  const Values outside = Read(surroundings.get());
  if (info.values_.contains("service") || outside.contains("service")) {
    info.hosts_.emplace_back();
    return info;
  }
  Host all{Take(&info.values_, "host"), Take(&info.values_, "hostaddr"),
           Take(&info.values_, "port")};
  const auto of_outside = [&outside](const char* parameter) {
    const auto found = outside.find(parameter);
    return found == outside.end() ? std::string() : found->second;
  };
  if (all.host.empty() && all.hostaddr.empty()) {
    all.host = of_outside("host");
    all.hostaddr = of_outside("hostaddr");
  }
  if (all.port.empty()) all.port = of_outside("port");
  info.hosts_ = SplitHosts(all);
  for (const Default& left_open : kDefaults) {
    const std::string set_outside = of_outside(left_open.parameter);
    info.values_.emplace(left_open.parameter, set_outside.empty() ? left_open.value : set_outside);
  }
  if (std::getenv("PGTARGETSESSIONATTRS") == nullptr) {
    info.values_.emplace(kSessionAttributes, info.hosts_.size() > 1 ? "read-write" : "primary");
  }
  return info;
}

absl::Duration ConnInfo::connect_timeout() const {
  int seconds = 0;
  if (!absl::SimpleAtoi(Value("connect_timeout"), &seconds) || seconds <= 0) {
    return absl::InfiniteDuration();
  }
  return absl::Seconds(seconds);
}

std::string ConnInfo::Value(const std::string& parameter) const {
  const auto found = values_.find(parameter);
  return found == values_.end() ? "" : found->second;
}

PGconn* ConnInfo::Start(const Host& host) const {
  std::vector<const char*> keywords;
  std::vector<const char*> values;
  const auto add = [&](const char* keyword, const std::string& value) {
    if (value.empty()) return;
    keywords.push_back(keyword);
    values.push_back(value.c_str());
  };
  for (const auto& [keyword, value] : values_) add(keyword.c_str(), value);
  add("host", host.host);
  add("hostaddr", host.hostaddr);
  add("port", host.port);
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  return PQconnectStartParams(keywords.data(), values.data(), /*expand_dbname=*/0);
}

}  // namespace usher::db
