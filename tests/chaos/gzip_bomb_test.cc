// A request that is small on the wire and a hundred times as large when it is inflated.
#include "absl/time/clock.h"
#include "tests/chaos/chaos_test_base.h"
#include "tests/chaos/raw_call.h"

namespace usher::chaos {
namespace gzip_bomb_test {

constexpr size_t kInflated = 200 * 1024 * 1024;
constexpr int64_t kBound = 32 * kMiB;

using GzipBombTest = ChaosTest;

TEST_F(GzipBombTest, IsRefusedBeforeItIsInflated) {
  house_.Restart("company");  // with the memory of a new process
  const Caller caller(house_);
  ASSERT_EQ(caller.Read("company").told(), Told::kDone);
  const pid_t process = Process("company");
  const int64_t before = MemoryOf(process);
  ForgetPeak(process);

  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + absl::Seconds(30)));
  context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
  const grpc::Status status =
      CallRaw(ChannelOfAStranger(house_.Socket("company", "public")),
              "/companyService.CompanyService/companyAvailable", Zeros(kInflated), &context);

  EXPECT_FALSE(status.ok());
  if (MemoryCanBeJudged()) {
    EXPECT_LE(PeakMemoryOf(process) - before, kBound) << status.error_message();
  }
  EXPECT_TRUE(GivesMemoryBack(process, before, kBound));
  EXPECT_EQ(caller.Read("company").told(), Told::kDone);
}

}  // namespace gzip_bomb_test
}  // namespace usher::chaos
