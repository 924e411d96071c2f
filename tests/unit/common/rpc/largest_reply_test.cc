#include "common/rpc/gate/largest_reply.h"

#include <companyService/companyService.pb.h>
#include <gtest/gtest.h>

#include "common/status/reply_error.h"
#include "tests/support/status_matchers.h"

namespace usher::rpc {
namespace largest_reply_test {

::companyService::CompanyListReply OfSize(size_t size) {
  ::companyService::CompanyListReply reply;
  std::string& id = *reply.add_orderedcompanyids();
  id.resize(size - 5);  // tag and length
  EXPECT_EQ(reply.ByteSizeLong(), size);
  return reply;
}

TEST(LargestReply, AListLeavesAKilobyteForItsReplyInfo) {
  const absl::Status too_large = ReplyTooLarge("ask for fewer");
  ::companyService::CompanyListReply reply = OfSize(kLargestReply - 1024);
  EXPECT_OK(HoldToLargest(too_large, &reply));
  EXPECT_EQ(reply.orderedcompanyids_size(), 1);
  reply = OfSize(kLargestReply - 1023);
  EXPECT_THAT(HoldToLargest(too_large, &reply), HasReplyCode(::common::MAX_SIZE_EXCEEDED));
  EXPECT_EQ(reply.ByteSizeLong(), 0u);
}

TEST(LargestReply, TheLongestReplyInfoFitsIntoItsKilobyte) {
  ::companyService::CompanyListReply reply;
  reply.mutable_replyinfo()->set_requestid(std::string(128, 'r'));
  reply.mutable_replyinfo()->set_statuscode(::common::PARTIAL_ERROR);
  reply.mutable_replyinfo()->set_statusmessage(std::string(512, 'x'));
  EXPECT_LE(reply.ByteSizeLong(), kLargestReplyInfo);
}

}  // namespace largest_reply_test
}  // namespace usher::rpc
