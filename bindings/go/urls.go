package pinarkive

// GatewayURL returns the URL that shows a piece of content at a gateway: the base and the CID, with
// the CID checked. It needs no client and makes no request.
//
// The gateway is a base URL such as [Gateway].BaseURL: http or https, with or without the last slash.
// A URL of a host alone gets "/ipfs/". "" means https://gateway.pinarkive.com/ipfs/
//
// The content is a CIDv0 ("Qm…", base58btc) or a CIDv1 in base32 ("bafy…").
//
// The error is an [*Error] with [ErrInvalidContent], [ErrInvalidArgument] or [ErrOutOfMemory], or
// [ErrConfiguration] where the library does not fit.
func GatewayURL(gateway, content string) (string, error) {
	if err := refuseNUL(ErrInvalidArgument, "The gateway", gateway); err != nil {
		return "", err
	}
	if err := refuseNUL(ErrInvalidContent, "The content", content); err != nil {
		return "", err
	}
	return gatewayURL(gateway, content)
}
