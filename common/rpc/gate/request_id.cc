#include "common/rpc/gate/request_id.h"

#include "common/base/printable.h"

namespace usher::rpc {

bool IsPrintableRequestId(absl::string_view request_id) {
  while (!request_id.empty()) {
    const auto byte = static_cast<unsigned char>(request_id.front());
    if (byte < 0x80) {  // nearly all of them
      if (byte < 0x20 || byte == 0x7f) return false;
      request_id.remove_prefix(1);
      continue;
    }
    const Character character = FirstCharacter(request_id);
    if (!IsPrintable(character.code_point)) return false;
    request_id.remove_prefix(character.bytes);
  }
  return true;
}

}  // namespace usher::rpc
