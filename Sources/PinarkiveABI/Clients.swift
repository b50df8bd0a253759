import CPinarkive
import CPlatform
import Pinarkive

/// Makes a client. Opens no connection.
///
/// - Parameters:
///   - options: the settings, or NULL to take everything from the environment: the key from
///     $PINARKIVE_API_KEY and, where it is set, the base URL from $PINARKIVE_API_URL. With
///     $PINARKIVE_LOG=info the client writes a line for each request to standard error: host, path,
///     outcome and milliseconds, never a key.
///   - error: where to store why it failed, or NULL.
///
/// - Returns: the client, or NULL on failure.
///
/// Ownership: release the client with pk_free. Everything in options is copied.
///
/// Threads: any. The environment is read here and nowhere later.
///
/// Errors: PK_ERROR_CONFIGURATION (no key, a malformed one in the environment, no readable CA
/// bundle), PK_ERROR_INVALID_ARGUMENT, PK_ERROR_OUT_OF_MEMORY, PK_ERROR_INTERNAL (libcurl cannot be
/// initialised).
///
/// Since: 0.1.0
@_cdecl("pk_client_new")
public func pk_client_new(
  _ options: UnsafePointer<pk_client_options>?,
  _ error: ErrorOut?
) -> UnsafeMutablePointer<pk_client>? {
  do throws(Failure) {
    let options = try read(options, named: "pk_client_options", standard: pk_client_options())
    var settings = ClientSettings()
    settings.apiKey = Bytes(argument: options.api_key)
    settings.bearerToken = Bytes(argument: options.bearer_token)
    settings.baseURL = Bytes(argument: options.base_url)
    settings.userAgent = Bytes(argument: options.user_agent)
    settings.caFile = Bytes(argument: options.ca_file)
    settings.proxy = Bytes(argument: options.proxy)
    settings.timeout = options.timeout_ms
    settings.attemptTimeout = options.attempt_timeout_ms
    settings.connectTimeout = options.connect_timeout_ms
    settings.maxAttempts = options.max_attempts
    settings.maxConnections = options.max_connections
    settings.cacheTimeToLive = options.cache_ttl_ms
    settings.staleIfError = options.stale_if_error_ms
    return try makeClient(settings)
  } catch let failure {
    report(failure, to: error)
    return nil
  }
}

private func makeClient(_ settings: ClientSettings) throws(Failure)
  -> UnsafeMutablePointer<pk_client>
{
  let core = try ClientCore.make(settings)
  do throws(Failure) {
    let handle = try Handle(for: core, .client)
    return handle.raw.assumingMemoryBound(to: pk_client.self)
  } catch {
    ClientCore.release(core)
    throw error
  }
}

/// Releases a client for pk_free: running calls are cancelled, the last to leave ends the client.
func freeClient(_ client: UnsafeMutableRawPointer) {
  guard let handle = Handle(closing: client, .client) else { return }
  handle.object(ClientCore.self).pointee.close()
  leaveClient(handle)
}

/// Lets go of a client after a call.
func leaveClient(_ handle: Handle) {
  if let core = handle.leave(ClientCore.self) { ClientCore.release(core) }
}

/// The client that the whole process shares, made from the environment on first use and kept until
/// the process ends. A failure to make it is not kept: the next call tries again.
enum SharedClient {
  /// By the start of its memory, so that a leak checker sees that it is kept.
  nonisolated(unsafe) private static var memory: UnsafeMutableRawPointer?

  static func get() throws(Failure) -> UnsafeMutablePointer<pk_client> {
    if let client = current { return client }
    let made = try makeClient(ClientSettings())
    platform_process_lock()
    let isFirst = memory == nil
    if isFirst { memory = Preamble.start(of: made) }
    platform_process_unlock()
    // Another thread may have been faster: then its client is the one.
    if !isFirst { freeClient(made) }
    return current ?? made
  }

  private static var current: UnsafeMutablePointer<pk_client>? {
    platform_process_lock()
    defer { platform_process_unlock() }
    return memory.map { ($0 + Preamble.size).assumingMemoryBound(to: pk_client.self) }
  }
}
