// What both kinds of connections need of Boost.Asio. Nobody else includes it.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/system/error_code.hpp>
#include <string>

namespace usher::http {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using StreamSocket = asio::generic::stream_protocol::socket;

// Of a connected descriptor that does not block, which it takes over; closed when that fails.
StreamSocket SocketOf(asio::io_context& io, int descriptor);

// As gRPC says it: "ipv4:127.0.0.1:40000", "ipv6:[::1]:40000", "unix:".
std::string PeerOf(int descriptor);

}  // namespace usher::http
