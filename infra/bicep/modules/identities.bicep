metadata name = 'Identities'
metadata description = 'Who the apps are. Both stamps share them, so that a new version has every right before it starts.'

import { identity, tagSet } from '../types.bicep'

@description('Required. What names end with.')
param prefix string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Whether the data account encrypts with a key of ours, which it fetches with an identity of its own.')
param forStorageKey bool

resource agentsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${prefix}-agents'
  location: location
  tags: tags
}

resource orchestratorsIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: 'id-${prefix}-orchestrators'
  location: location
  tags: tags
}

resource storageIdentity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = if (forStorageKey) {
  name: 'id-${prefix}-storage'
  location: location
  tags: tags
}

@description('The agents\' app.')
output agents identity = {
  name: agentsIdentity.name
  id: agentsIdentity.id
  principalId: agentsIdentity.properties.principalId
  clientId: agentsIdentity.properties.clientId
}

@description('The orchestrators\' app.')
output orchestrators identity = {
  name: orchestratorsIdentity.name
  id: orchestratorsIdentity.id
  principalId: orchestratorsIdentity.properties.principalId
  clientId: orchestratorsIdentity.properties.clientId
}

@description('The data account, where it encrypts with a key of ours.')
output storage identity? = forStorageKey
  ? {
      name: storageIdentity!.name
      id: storageIdentity!.id
      principalId: storageIdentity!.properties.principalId
      clientId: storageIdentity!.properties.clientId
    }
  : null
