#include "common/http/exchange.h"

#include "common/http/connection.h"
#include "common/rpc/call/longest_event.h"

namespace usher::http {

void Exchange::AnswerSoon(std::shared_ptr<Connection> connection, Answer answer) {
  {
    const absl::MutexLock lock(&mutex_);
    ready_.emplace_back(std::move(connection), std::move(answer));
    if (ready_.size() > 1) return;
  }
  wake_();
}

void Exchange::SendAnswers() {
  const rpc::PollerEvent event;
  std::vector<Ready> ready;
  {
    const absl::MutexLock lock(&mutex_);
    ready.swap(ready_);
  }
  for (auto& [connection, answer] : ready) connection->Send(std::move(answer));
}

}  // namespace usher::http
