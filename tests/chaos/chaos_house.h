// The five real servers with a proxy in every wire: to their databases, to each other, and from
// their clients.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/chaos/cluster.h"
#include "tests/chaos/proxy.h"
#include "tests/support/house.h"

namespace usher::chaos {

using Words = std::vector<std::string>;

// One for each test process. A test leaves it as it found it: see Repair.
class ChaosHouse {
 public:
  static ChaosHouse& Get();

  House& house() { return *house_; }
  Cluster& cluster() { return cluster_; }

  // Between a server and PostgreSQL; between the other servers and its internal port; in front of
  // its public port, for clients that want it (those of House go straight).
  Proxy& ToDatabase(const std::string& service) { return *to_database_.at(service); }
  Proxy& ToInternal(const std::string& service) { return *to_internal_.at(service); }
  Proxy& ToPublic(const std::string& service);

  // Starts it anew with further flags, which win, and behind the words of `wrapper`
  // ({"/usr/bin/prlimit", "--nofile=1024:1024"}); until the next Repair.
  void RestartWith(const std::string& service, const Words& flags, const Words& wrapper = {});

  // Good weather, everybody awake, and every server that ended, is deaf or was started otherwise
  // than usual is started anew.
  void Repair();

 private:
  ChaosHouse();
  Words Adapt(const std::string& service, Words command);
  Proxy& Between(const std::string& service, const std::string& target,
                 std::map<std::string, std::unique_ptr<Proxy>>* proxies);

  Cluster cluster_;
  std::map<std::string, std::unique_ptr<Proxy>> to_database_;
  std::map<std::string, std::unique_ptr<Proxy>> to_internal_;
  std::map<std::string, std::unique_ptr<Proxy>> to_public_;
  std::map<std::string, Words> flags_;
  std::map<std::string, Words> wrapper_;
  std::unique_ptr<House> house_;
};

}  // namespace usher::chaos
