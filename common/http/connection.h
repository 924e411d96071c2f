// One client's connection: reads a request, has it answered, reads the next one.
#pragma once

#include <atomic>
#include <memory>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/http/answer.h"
#include "common/http/exchange.h"
#include "common/http/refusal.h"
#include "common/http/request_reader.h"
#include "common/rpc/gate/method.h"
#include "common/rpc/lane/byte_budget.h"

namespace usher::http {

// Everything but the socket, which derived classes have. One request at a time: while it is worked
// on, what follows it waits in the kernel, or, where somebody wants to know that the client went
// away, in a bounded buffer. On the door's thread alone.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `peer` as in Incoming::Peer. The exchange outlives it.
  Connection(Exchange& exchange, std::string peer);
  virtual ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Begins to read.
  void Begin();
  // The answer to the request that is worked on.
  void Send(Answer answer);
  // To be called every second: ends what takes too long.
  void Look(absl::Time now);
  // The server stops: what is worked on is finished, nothing new is begun.
  void Drain();
  void CutOff() { Close(); }
  bool closed() const { return phase_ == Phase::kClosed; }

 protected:
  // For what is about to be written.
  struct Output {
    absl::string_view head;
    absl::string_view body;
  };

  // Waits for bytes, once; calls Received or Ended.
  virtual void StartRead() = 0;
  // Writes all of it; calls Written. The bytes stay until then.
  virtual void StartWrite(const Output& output) = 0;
  virtual void ShutDownWriting() = 0;
  // Calls nothing any more.
  virtual void CloseSocket() = 0;

  void Received(absl::string_view bytes);
  void Ended();  // nothing more comes
  void Written(bool all);

 private:
  enum class Phase {
    kIdle,      // waits for a request
    kHead,      // some of it has come
    kBody,      // its head has
    kContinue,  // tells the client to send the body
    kCalling,   // the gate has it
    kWriting,   // the answer is on its way
    kFarewell,  // waits for the client to close
    kClosed,
  };

  void Read();
  void Take(absl::string_view bytes);
  // The head is there; false when that was enough for an answer.
  bool JudgeHead();
  // Why a request becomes no call, if it does not.
  std::optional<Refusal> FindMethod(absl::Time now);
  void AskForBody();
  // False when there is no memory for it; that has been answered then.
  bool FitBody();
  void Call();
  void Refuse(const Refusal& refusal, bool close);
  void Enter(Phase phase, absl::Duration longest);
  void BeginNext();
  void Close();
  Manner MannerOf(const RequestHead& head) const;

  Exchange& exchange_;
  const std::string peer_;
  const absl::Time born_;
  const absl::Duration age_;
  Phase phase_ = Phase::kIdle;
  absl::Time until_ = absl::InfiniteFuture();  // the end of the phase
  bool reading_ = false;
  bool ended_ = false;
  RequestReader reader_;
  std::string waiting_;  // came behind the request that is worked on
  size_t dropped_ = 0;   // bytes of a farewell

  // Of the request.
  rpc::Method* method_ = nullptr;
  std::optional<Refusal> refusal_;  // once its body has been read
  bool is_options_ = false;
  absl::Time deadline_;
  std::unique_ptr<rpc::ByteBudget::Share> body_bytes_;
  size_t body_share_ = 0;
  std::shared_ptr<std::atomic<bool>> cancelled_;

  Answer output_;
};

}  // namespace usher::http
