#include "common/rpc/gate/trace_context.h"

#include <gtest/gtest.h>

#include <string>

namespace usher::rpc {
namespace trace_context_test {

constexpr char kUsual[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST(TraceContextTest, AUsualTraceIsTakenAsItCame) {
  for (const std::string flags : {"00", "01", "03", "ff"}) {
    const std::string header = std::string(kUsual).substr(0, 53) + flags;
    EXPECT_EQ(Traceparent(header), header);
  }
}

TEST(TraceContextTest, WhatIsMalformedIsIgnored) {
  for (const char* header : {
           "",
           "00",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",    // short
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 ",  // long
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
           "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
           "00-00000000000000000000000000000000-b7ad6b7169203331-01",  // no trace
           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",  // no parent
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333x-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
           "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c_b7ad6b7169203331-01",
           "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331_01",
           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",  // forbidden
           "0x-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
           "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
       }) {
    EXPECT_EQ(Traceparent(header), "") << header;
  }
}

TEST(TraceContextTest, WhatCameTwiceIsIgnored) {
  EXPECT_EQ(Traceparent(std::string(kUsual) + "," + kUsual), "");
  const std::string later = "01" + std::string(kUsual).substr(2);
  EXPECT_EQ(Traceparent(later + "," + later), "");
}

TEST(TraceContextTest, OfALaterVersionWeTakeWhatWeKnow) {
  EXPECT_EQ(Traceparent("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), kUsual);
  EXPECT_EQ(Traceparent("cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0b-what-more"),
            kUsual);
  EXPECT_EQ(Traceparent("01-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-fe"),
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
}

}  // namespace trace_context_test
}  // namespace usher::rpc
