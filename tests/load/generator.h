// Keeps a number of calls of one kind outstanding for a while, or starts them at a rate, and says
// how they went.
#pragma once

#include <grpcpp/support/byte_buffer.h>
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace usher::load {

// Where the outcome stands in a reply.
enum class ReplyShape {
  kNone,       // the reply has none
  kReplyInfo,  // the reply is a common.ReplyInfo
  kWrapped,    // the reply's field 1 is a common.ReplyInfo
};

// What is called. The requests are serialized beforehand and taken in turn, so that the program
// costs little beside the server that it measures.
struct Scenario {
  std::string method;  // "/package.Service/method"
  std::vector<grpc::ByteBuffer> requests;
  ReplyShape shape = ReplyShape::kWrapped;
  // The reply code that is wanted: of guesses, that they are refused.
  int wanted_code = 0;

  // Where each call follows from the one before, `requests` stays empty. Opens so many chains at
  // the address: the first request of each.
  std::function<absl::StatusOr<std::vector<grpc::ByteBuffer>>(const std::string& address,
                                                              int chains)>
      open_chains;
  // The request that follows from a reply.
  std::function<absl::StatusOr<grpc::ByteBuffer>(const grpc::ByteBuffer& reply)> next;
};

struct PassOptions {
  std::string address;
  int outstanding = 64;
  int channels = 1;  // more, where a connection would have more than 64 calls at a time
  // Calls to start in a second, however many are outstanding; 0: closed loop. Not for chains.
  double rate = 0;
  absl::Duration patience = absl::InfiniteDuration();  // deadline of each call
  // RESOURCE_EXHAUSTED, and with a rate DEADLINE_EXCEEDED as well, is no error: it is counted, and
  // in a closed loop tried again after a pause of 100 ms.
  bool may_be_refused = false;
  absl::Duration warm_up = absl::Milliseconds(300);
  absl::Duration duration = absl::Seconds(3);
  pid_t server_pid = 0;  // 0: its processor time is not asked for
};

struct PassResult {
  int64_t calls = 0;
  int64_t errors = 0;
  int64_t refused = 0;
  std::string first_error;
  absl::Duration took;
  absl::Duration median;
  absl::Duration percentile99;
  absl::Duration longest;
  absl::Duration server_cpu;  // in all
  absl::Duration client_cpu;  // in all
  int64_t reply_bytes = 0;    // in all
};

// In a closed loop a call that has ended makes room for the next one. kUnavailable when nobody
// listens, kDeadlineExceeded when calls do not come back.
absl::StatusOr<PassResult> RunPass(const PassOptions& options, const Scenario& scenario);

// OK when the reply has the wanted code, or what went wrong in words.
absl::Status OutcomeOf(const grpc::ByteBuffer& reply, ReplyShape shape, int wanted_code = 0);

}  // namespace usher::load
