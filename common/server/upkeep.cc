#include "common/server/upkeep.h"

#include <utility>

#include "common/base/log.h"
#include "common/server/stop_signal.h"

namespace usher::server {

Upkeep::Upkeep(std::vector<Server::Port> ports,
               std::vector<std::shared_ptr<rpc::TlsFiles>> tls_files, Rhythm rhythm)
    : rhythm_(rhythm),
      ports_(std::move(ports)),
      tls_files_(std::move(tls_files)),
      judges_(ports_.size(), PortJudge(rhythm.most_failures)),
      thread_([this] { Work(); }) {}

Upkeep::~Upkeep() {
  {
    const absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  thread_.join();
}

void Upkeep::ReadCertificates() {
  for (const auto& files : tls_files_) files->ReadAgain(/*in_any_case=*/true);
}

void Upkeep::Work() {
  while (true) {
    {
      const absl::MutexLock lock(&mutex_);
      if (mutex_.AwaitWithTimeout(absl::Condition(&stopping_), rhythm_.between)) return;
    }
    for (const auto& files : tls_files_) files->ReadAgain(/*in_any_case=*/false);
    unused_memory_.GiveBack();
    TryPorts();
  }
}

void Upkeep::TryPorts() {
  for (size_t i = 0; i < ports_.size(); ++i) {
    const absl::Status tried = TryPort(ports_[i].address, rhythm_.patience);
    if (!tried.ok()) {
      log::Warning("an own port does not answer",
                   {{"address", ports_[i].address}, {"error", tried.message()}});
    }
    if (!judges_[i].IsDeaf(tried)) continue;
    log::Error("ended: an own port has not answered for long", {{"address", ports_[i].address}});
    EndNow(1);
  }
}

}  // namespace usher::server
