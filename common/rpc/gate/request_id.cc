#include "common/rpc/gate/request_id.h"

#include "common/base/printable.h"

namespace usher::rpc {

bool IsPrintableRequestId(absl::string_view request_id) {
  while (true) {
    request_id.remove_prefix(PlainBytes(request_id));
    if (request_id.empty()) return true;
    const Character character = FirstCharacter(request_id);
    if (!IsPrintable(character.code_point)) return false;
    request_id.remove_prefix(character.bytes);
  }
}

}  // namespace usher::rpc
