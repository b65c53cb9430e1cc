metadata name = 'Key Vault'
metadata description = 'Secrets of vendors, the key that wraps the keys of client-side encryption, and the key of the data account.'

import { identity, operator, privateLink, roles, tagSet } from '../types.bicep'

@description('Required. Globally unique name.')
@minLength(3)
@maxLength(24)
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Days that a deleted vault, secret or key can be restored, and cannot be purged.')
@minValue(7)
@maxValue(90)
param softDeleteDays int

@description('Required. Whether the vault has a public endpoint.')
param publicAccess bool

@description('Required. Where private endpoints go; null for none.')
param link privateLink?

@description('Required. Where diagnostics go.')
param workspaceId string

@description('Required. Identity of the agents\' app.')
param agents identity

@description('Required. Whether the data account encrypts with a key of ours.')
param withStorageKey bool

@description('Required. Identity with which the data account fetches its key; null where the platform\'s keys encrypt.')
param storage identity?

@description('Required. Who operates the platform: they put vendors\' secrets in and rotate them.')
param operators operator[]

@description('Required. Whether the vault can be deleted only after its lock.')
param lock bool

@description('A new version every year. What an old one wrapped can be unwrapped even after it has expired.')
var rotation = {
  attributes: { expiryTime: 'P2Y' }
  lifetimeActions: [
    { action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P1Y' } }
    { action: { type: 'notify' }, trigger: { timeBeforeExpiry: 'P30D' } }
  ]
}

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    tenantId: tenant().tenantId
    sku: { family: 'A', name: 'standard' }
    enableRbacAuthorization: true
    enableSoftDelete: true
    softDeleteRetentionInDays: softDeleteDays
    enablePurgeProtection: true
    enabledForDeployment: false
    enabledForDiskEncryption: false
    enabledForTemplateDeployment: false
    publicNetworkAccess: publicAccess ? 'Enabled' : 'Disabled'
    // Storage is a trusted service: it fetches the data account's key.
    networkAcls: { bypass: 'AzureServices', defaultAction: publicAccess ? 'Allow' : 'Deny' }
  }

  resource clientEncryption 'keys' = {
    name: 'client-encryption'
    tags: tags
    properties: { kty: 'RSA', keySize: 3072, keyOps: ['wrapKey', 'unwrapKey'], rotationPolicy: rotation }
  }

  resource dataStorage 'keys' = if (withStorageKey) {
    name: 'data-storage'
    tags: tags
    properties: { kty: 'RSA', keySize: 3072, keyOps: ['wrapKey', 'unwrapKey'], rotationPolicy: rotation }
  }
}

resource agentsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, 'agents', 'Key Vault Secrets User')
  scope: vault
  properties: {
    principalId: agents.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Key Vault Secrets User'])
    description: 'The agents read vendors\' secrets.'
  }
}

resource agentsKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault::clientEncryption.id, 'agents', 'Key Vault Crypto Service Encryption User')
  scope: vault::clientEncryption
  properties: {
    principalId: agents.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Key Vault Crypto Service Encryption User']
    )
    description: 'The agents wrap and unwrap data keys with this key and no other.'
  }
}

resource storageKey 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (withStorageKey) {
  name: guid(vault::dataStorage.id, 'storage', 'Key Vault Crypto Service Encryption User')
  scope: vault::dataStorage
  properties: {
    principalId: storage!.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Key Vault Crypto Service Encryption User']
    )
    description: 'The data account encrypts with this key.'
  }
}

resource operatorsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for operator in operators: {
    name: guid(vault.id, operator.principalId, 'Key Vault Secrets Officer')
    scope: vault
    properties: {
      principalId: operator.principalId
      principalType: operator.principalType
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Key Vault Secrets Officer']
      )
      description: 'Operators put vendors\' secrets in and rotate them.'
    }
  }
]

module endpoint 'private-endpoint.bicep' = if (!publicAccess) {
  params: {
    targetName: name
    targetId: vault.id
    groupId: 'vault'
    subnetId: link!.subnetId
    zoneIds: [link!.zones.vault]
    location: location
    tags: tags
  }
}

resource locked 'Microsoft.Authorization/locks@2020-05-01' = if (lock) {
  name: 'keep'
  scope: vault
  properties: {
    level: 'CanNotDelete'
    notes: 'Without its keys the data is lost. Remove the lock only to retire the environment.'
  }
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: vault
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}

@description('Address of the vault.')
output uri string = vault.properties.vaultUri
