// What strangers post: JSON into messages.
#include <authentication/authenticationService.pb.h>
#include <roomService/roomService.pb.h>

#include <string>

#include "common/http/json_reader.h"
#include "common/http/json_writer.h"
#include "tests/fuzz/property.h"

namespace {

template <class Message>
void Try(absl::string_view json) {
  using namespace usher;
  Message message;
  if (!http::ReadJson(json, &message).ok()) return;
  std::string written;
  http::WriteJson(message, &written);
  Message again;
  fuzz::Require(http::ReadJson(written, &again).ok(), "what was written can be read");
  std::string twice;
  http::WriteJson(again, &twice);
  fuzz::Require(again.ByteSizeLong() == message.ByteSizeLong(), "and is the same");
}

}  // namespace

int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view json = usher::fuzz::Text(data, size);
  Try<::authentication::AuthenticationCreateRequest>(json);
  Try<::roomService::RoomsUpdateRequest>(json);
  ::common::AccessInfo access;
  (void)usher::http::ReadJsonField(
      json, *::roomService::RoomUpdateRequest::descriptor()->FindFieldByName("accessInfo"),
      &access);
  return 0;
}
