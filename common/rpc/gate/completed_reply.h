// What a call is answered in the end: its reply with the ReplyInfo, if it can be sent.
#pragma once

#include <memory>

#include "common/rpc/gate/passage.h"
#include "common/rpc/lane/byte_budget.h"
#include "common/rpc/outcome.h"

namespace usher::rpc {

// Answers up to this are not counted while they wait for their client, in bytes.
inline constexpr size_t kLargestUncountedReply = 16 * 1024;

struct CompletedReply {
  Outcome outcome;
  std::shared_ptr<void> kept;  // bytes of `reply_bytes`, to be let go when the answer has left
};

// The last net: bodies see to it that their answers can be sent before they change anything. What
// no client takes, or there is no room for, has another outcome in its place, and the passage
// another reply: MAX_SIZE_EXCEEDED; kInternal for a change, of which nobody can be told that
// nothing was changed; Overloaded.
CompletedReply CompleteReply(Outcome outcome, ByteBudget& reply_bytes, Passage* passage);

}  // namespace usher::rpc
