// Answers as the bytes of HTTP/1.1.
#pragma once

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/http/refusal.h"
#include "common/rpc/outcome.h"

namespace usher::http {

// What of a request its answer has to know.
struct Manner {
  bool close = false;  // the connection ends with it
  std::string origin;  // of a page that may read it; else empty
  // The answer to HEAD: what follows its head would be taken for the next answer (RFC 9110, 9.3.2).
  bool without_body = false;
};

// On its way to a client.
struct Answer {
  std::string head;
  std::string body;
  bool close = false;
  // A client that has not read it by then is cut off.
  absl::Time until = absl::InfiniteFuture();
  // Let go when it has left.
  std::shared_ptr<void> kept;
};

// What the gate has decided: `json` is the reply.
Answer DecidedAnswer(const Manner& manner, absl::string_view request_id, std::string json);
// What it has not, by docs/json.md.
Refusal RefusalOf(const rpc::Outcome& outcome);
Answer RefusedAnswer(const Manner& manner, absl::string_view request_id, const Refusal& refusal);
// To a browser that asks whether a page may call (a preflight), or to whoever asks for options.
Answer OptionsAnswer(const Manner& manner);

// Comes before an answer.
inline constexpr absl::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

}  // namespace usher::http
