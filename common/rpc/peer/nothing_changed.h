// What a service tells another one, and no client: this call failed, and changed nothing.
#pragma once

namespace usher::rpc {

// A trailer with any value, beside a status other than OK. It tells a refusal that a body gave for
// want of something (its database, say) from gRPC's own, which leaves it open whether the body ran.
inline constexpr char kNothingChangedTrailer[] = "usher-nothing-changed";

}  // namespace usher::rpc
