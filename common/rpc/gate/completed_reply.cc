#include "common/rpc/gate/completed_reply.h"

#include <utility>

#include "common/rpc/gate/largest_reply.h"
#include "common/status/reply_error.h"

namespace usher::rpc {
namespace {

void WriteReplyInfo(const Outcome& outcome, Passage* passage) {
  if (!outcome.decided) return;
  ::common::ReplyInfo* info = passage->method.reply_info(*passage->reply);
  info->set_requestid(passage->admitted.call->request_id);
  info->set_statuscode(outcome.reply_code);
  if (!outcome.reply_text.empty()) info->set_statusmessage(outcome.reply_text);
}

CompletedReply AnsweredInstead(const absl::Status& status, Passage* passage) {
  passage->reply->Clear();
  CompletedReply completed{OutcomeOf(status), nullptr};
  WriteReplyInfo(completed.outcome, passage);
  return completed;
}

}  // namespace

CompletedReply CompleteReply(Outcome outcome, ByteBudget& reply_bytes, Passage* passage) {
  WriteReplyInfo(outcome, passage);
  CompletedReply completed{std::move(outcome), nullptr};
  if (!completed.outcome.decided) return completed;
  const size_t size = passage->reply->ByteSizeLong();
  const bool may_have_changed = passage->ran && !passage->method.spec.reads;
  if (size > kLargestReply) {
    // Nobody can be told that nothing was changed.
    return AnsweredInstead(may_have_changed ? absl::InternalError("no message holds the answer")
                                            : ReplyTooLarge("ask for less"),
                           passage);
  }
  const size_t held = passage->incoming.HeldBy(*passage->reply, size);
  if (held <= kLargestUncountedReply) return completed;
  completed.kept = reply_bytes.TryTake(passage->Key(), held, passage->StandingOfCaller());
  if (completed.kept != nullptr || may_have_changed) return completed;
  return AnsweredInstead(Overloaded("the memory for answers that clients have not read yet"),
                         passage);
}

}  // namespace usher::rpc
