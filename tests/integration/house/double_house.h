// A house with two servers of each service on one database, whose sagas a test can stop at each of
// their steps.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support/house.h"

namespace usher {

// One for each test process, apart from House::Get. A test finds as many servers running as it asks
// for. Leases are short: 11 seconds; and so is the rest of a destroyed company's ID.
class DoubleHouse {
 public:
  static constexpr int kReplicas = 2;

  static DoubleHouse& Get() {
    static const std::unique_ptr<DoubleHouse> house(new DoubleHouse());
    return *house;
  }

  ~DoubleHouse() {
    house_.reset();
    std::filesystem::remove_all(folder_);
  }
  DoubleHouse(const DoubleHouse&) = delete;
  DoubleHouse& operator=(const DoubleHouse&) = delete;

  House& house() { return *house_; }

  // Lets that many servers of each service run, and waits until they serve.
  void Populate(int replicas) {
    for (const std::string& service : House::Services()) {
      for (int number = 1; number <= kReplicas; ++number) {
        const std::string server = House::Replica(service, number);
        const bool runs = house_->process(server).IsRunning();
        if (runs && number > replicas) house_->Kill(server);
        if (!runs && number <= replicas) house_->Launch(server);
      }
    }
    for (const std::string& server : house_->Servers()) {
      if (house_->process(server).IsRunning()) house_->AwaitServing(server);
    }
  }

  // What awaits the request of that ID (common/saga/failpoint.h): "creation.begun:exit", ...
  void Await(const std::string& request, const std::vector<std::string>& deeds) const {
    std::ofstream file(Path(request));
    for (const std::string& deed : deeds) file << deed << "\n";
  }
  // How many of them are still to be done.
  size_t Left(const std::string& request) const {
    std::ifstream file(Path(request));
    std::string line;
    size_t left = 0;
    while (std::getline(file, line)) ++left;
    return left;
  }

 private:
  DoubleHouse() {
    std::string pattern = "/tmp/usher_failpoints_XXXXXX";
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    house_ = std::make_unique<House>(
        [this](const std::string& server, std::vector<std::string> command) {
          return Adapt(server, std::move(command));
        },
        kReplicas);
  }

  std::vector<std::string> Adapt(const std::string& server, std::vector<std::string> command) {
    const std::string service = server.substr(0, server.find('.'));
    if (service == "user" || service == "company") command.push_back("--longest_call=3s");
    if (service == "company") command.push_back("--destroyed_name_rest=1s");
    command.insert(command.begin(), {"/usr/bin/env", "USHER_FAILPOINTS=" + folder_});
    return command;
  }

  std::string Path(const std::string& request) const { return folder_ + "/" + request; }

  std::string folder_;
  std::unique_ptr<House> house_;
};

}  // namespace usher
