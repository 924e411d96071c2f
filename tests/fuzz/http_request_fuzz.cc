// HTTP/1.1 as strangers send it, whole and in pieces.
#include <algorithm>
#include <string>

#include "common/http/request_reader.h"
#include "tests/fuzz/property.h"

namespace {

using usher::http::RequestReader;

// What a reader makes of the first request, `step` bytes at a time.
std::string Seen(absl::string_view bytes, size_t step) {
  RequestReader reader;
  while (!bytes.empty()) {
    absl::string_view part = bytes.substr(0, step);
    bytes.remove_prefix(part.size());
    while (!part.empty()) {
      part = reader.Read(part);
      if (reader.state() == RequestReader::State::kHeadDone) reader.AcceptBody(1000);
      if (reader.state() == RequestReader::State::kFailed) return "refused";
      if (reader.state() == RequestReader::State::kComplete) {
        return std::string(reader.head().Path()) + " " + reader.TakeBody();
      }
    }
  }
  return "more";
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  // A line between chunks that does not end is refused once more of it waits.
  if (size > 4096) return 0;
  const absl::string_view bytes = usher::fuzz::Text(data, size);
  const std::string whole = Seen(bytes, std::max<size_t>(size, 1));
  for (const size_t step : {size_t{1}, size_t{2}, size_t{7}}) {
    usher::fuzz::Require(Seen(bytes, step) == whole, "pieces make the same request");
  }
  return 0;
}
