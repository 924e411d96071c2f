#include "common/db/resolve.h"

#include <netdb.h>
#include <sys/socket.h>

#include <map>
#include <memory>
#include <system_error>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/base/log.h"
#include "common/status/reply_error.h"

namespace usher::db {
namespace {

// Under the lock of LookUps until it is done; then nobody changes it any more.
struct LookUp {
  bool done = false;
  std::vector<std::string> addresses;
  std::string error;
};

// Those that are on their way.
struct LookUps {
  absl::Mutex mutex;
  std::map<std::string, std::shared_ptr<LookUp>> by_host ABSL_GUARDED_BY(mutex);
};

LookUps& Running() {
  static LookUps& running = *new LookUps;  // for threads that outlive main()
  return running;
}

void AskResolver(const std::string& host, LookUp* look_up) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int error = getaddrinfo(host.c_str(), nullptr, &hints, &found);
  if (error != 0) {
    look_up->error = gai_strerror(error);
    return;
  }
  for (const addrinfo* one = found; one != nullptr; one = one->ai_next) {
    char text[NI_MAXHOST];
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text, sizeof(text), nullptr, 0,
                    NI_NUMERICHOST) == 0) {
      look_up->addresses.emplace_back(text);
    }
  }
  freeaddrinfo(found);
}

std::shared_ptr<LookUp> JoinOrStart(const std::string& host) {
  LookUps& running = Running();
  const absl::MutexLock lock(&running.mutex);
  const auto found = running.by_host.find(host);
  if (found != running.by_host.end()) return found->second;
  auto look_up = std::make_shared<LookUp>();
  std::thread([host, look_up] {
    LookUp answer;
    AskResolver(host, &answer);
    answer.done = true;
    LookUps& all = Running();
    const absl::MutexLock ended(&all.mutex);
    all.by_host.erase(host);
    *look_up = std::move(answer);
  }).detach();
  running.by_host.emplace(host, look_up);
  return look_up;
}

bool AwaitEnd(const LookUp& look_up, absl::Time deadline) {
  LookUps& running = Running();
  const absl::MutexLock lock(&running.mutex);
  return running.mutex.AwaitWithDeadline(absl::Condition(&look_up.done), deadline);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> Resolve(const std::string& host, Until until) {
  std::shared_ptr<LookUp> look_up;
  try {
    look_up = JoinOrStart(host);
  } catch (const std::system_error& error) {  // no thread
    log::Warning("the database's host cannot be looked up", {{"error", error.what()}});
    return Unreachable("the database");
  }
  absl::Time moment = until();
  while (!AwaitEnd(*look_up, moment)) {
    moment = until();
    if (moment <= absl::Now()) return OutOfTime("looking for the database's host");
  }
  if (!look_up->addresses.empty()) return look_up->addresses;
  log::Warning("no address of the database's host", {{"host", host}, {"error", look_up->error}});
  return Unreachable("the database");
}

}  // namespace usher::db
